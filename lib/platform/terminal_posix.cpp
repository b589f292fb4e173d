#ifndef _WIN32
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <sys/ioctl.h>
#include <unistd.h>

#include "platform/terminal.hpp"

namespace paymentctl {
namespace {

int descriptor(Stream stream) { return stream == Stream::output ? STDOUT_FILENO : STDERR_FILENO; }

}  // namespace

bool is_terminal(Stream stream) { return ::isatty(descriptor(stream)) == 1; }

std::optional<int> terminal_width(Stream stream) {
  winsize size{};
  if (!is_terminal(stream) || ::ioctl(descriptor(stream), TIOCGWINSZ, &size) != 0) {
    return std::nullopt;
  }
  return std::max<int>(size.ws_col == 0 ? 80 : size.ws_col, 20);
}

void prepare_streams() { std::signal(SIGPIPE, SIG_IGN); }

std::vector<std::string> utf8_arguments(int count, const char* const* values) {
  if (count < 2) return {};
  return {values + 1, values + count};
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string error_text(int error_number) { return std::generic_category().message(error_number); }

}  // namespace paymentctl
#endif
