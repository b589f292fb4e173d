#pragma once

#include <memory>
#include <string>
#include <string_view>

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
};

/// What the program tells besides its results: on standard error, "paymentctl: " in front, and in
/// the log file with the time. Control characters from mails are made visible. Secrets and bodies
/// of mails are never given to it.
class Log {
 public:
  explicit Log(const LogOptions& options = {});

  void error(std::string_view message);
  void warning(std::string_view message);
  void info(std::string_view message);
  void detail(std::string_view message);

 private:
  std::shared_ptr<spdlog::logger> logger_;
  bool json_ = false;
};

}  // namespace paymentctl::cli
