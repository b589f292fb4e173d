#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/json.hpp"

namespace spdlog {
class logger;
}

namespace paymentctl::cli {

struct LogOptions {
  bool quiet = false;    ///< errors only
  bool verbose = false;  ///< details too
  std::string file;      ///< UTF-8 path of a further log, rotated; empty means none
  bool json = false;     ///< one JSON object a line
  bool color = false;    ///< on standard error
  bool journal = false;  ///< standard error is systemd's journal, which takes levels
  std::string events;    ///< the source's name in the Event Log of Windows; empty means none
};

/// What the program tells besides its results: on standard error, "paymentctl: " in front, in the
/// log file with the time, and in the log of the system where a service has one. Control characters
/// from mails are made visible. Secrets and bodies of mails are never given to it.
class Log {
 public:
  explicit Log(const LogOptions& options = {});

  void error(std::string_view message);
  void warning(std::string_view message);
  void info(std::string_view message);
  /// With `members` (an object) beside the message where the log is of JSON.
  void info(std::string_view message, const Json& members);
  void detail(std::string_view message);

 private:
  std::shared_ptr<spdlog::logger> logger_;
  bool json_ = false;
};

}  // namespace paymentctl::cli
