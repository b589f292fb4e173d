#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "platform/terminal.hpp"

namespace paymentctl::cli {

/// The reader of our standard output went away: no fault worth a sentence, but the end of printing.
class ReaderGone : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "the reader went away"; }
};

/// Standard output. On a terminal control characters are made visible, whoever wrote them. What
/// cannot be written is Error(io), or ReaderGone; nothing is lost silently.
class Output {
 public:
  void write(std::string_view text);
  /// Everything written so far has reached the system. Called after each line of NDJSON to a
  /// following stage, and at the end.
  void flush();

  /// From now on what is written is dropped. A service of Windows has no standard output.
  void drop() { is_dropped_ = true; }

 private:
  bool is_dropped_ = false;
  bool terminal_ = is_terminal(Stream::output);
};

}  // namespace paymentctl::cli
