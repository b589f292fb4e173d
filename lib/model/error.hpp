#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace paymentctl {

/// The exit codes of sysexits.h that the interface promises, and 1 for "a person is needed".
enum class ExitCode : int {
  ok = 0,
  attention = 1,
  usage = 64,          ///< wrong arguments
  data = 65,           ///< input that cannot be understood
  no_input = 66,       ///< a file that is not there
  unavailable = 69,    ///< a server that cannot be reached
  software = 70,       ///< a fault of ours
  cannot_create = 73,  ///< a file or folder that cannot be created
  io = 74,             ///< reading or writing failed
  temporary = 75,      ///< try again later: locked or busy
  permission = 77,     ///< login or permission refused
  config = 78,         ///< wrong configuration
};

/// A fault: what failed, why, and what to do, as one line for a person. It knows its exit code and
/// gains its place ("box.xml line 7", "mail 154c….eml") on its way up. Business outcomes such as
/// "unrecognised" are values, never errors.
class Error : public std::exception {
 public:
  Error(ExitCode code, std::string message) : code_(code), text_(std::move(message)) {}

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

  /// Puts `place` in front, so that the outermost place is read first.
  Error& in(std::string_view place) {
    text_.insert(0, std::string(place) + ": ");
    return *this;
  }

 private:
  ExitCode code_;
  std::string text_;
};

/// Runs `work`; an Error that leaves it carries `place` in front.
template <typename Work>
decltype(auto) within(std::string_view place, Work&& work) {
  try {
    return work();
  } catch (Error& error) {
    error.in(place);
    throw;
  }
}

}  // namespace paymentctl
