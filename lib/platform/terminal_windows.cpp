#ifdef _WIN32
#include <windows.h>
// shellapi.h needs windows.h before it
#include <algorithm>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>

#include "platform/terminal.hpp"
#include "platform/wide.hpp"

namespace paymentctl {
namespace {

HANDLE handle(Stream stream) {
  return ::GetStdHandle(stream == Stream::output ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
}

}  // namespace

bool is_terminal(Stream stream) {
  DWORD mode = 0;
  return ::GetConsoleMode(handle(stream), &mode) != 0;
}

std::optional<int> terminal_width(Stream stream) {
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (::GetConsoleScreenBufferInfo(handle(stream), &info) == 0) return std::nullopt;
  return std::max(info.srWindow.Right - info.srWindow.Left + 1, 20);
}

void prepare_streams() {
  ::SetConsoleOutputCP(CP_UTF8);
  ::SetConsoleCP(CP_UTF8);
  for (const Stream stream : {Stream::output, Stream::error}) {
    DWORD mode = 0;
    if (::GetConsoleMode(handle(stream), &mode) != 0) {
      ::SetConsoleMode(handle(stream), mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    }
  }
  ::_setmode(::_fileno(stdout), _O_BINARY);
  ::_setmode(::_fileno(stdin), _O_BINARY);
}

std::vector<std::string> utf8_arguments(int /*count*/, const char* const* /*values*/) {
  int count = 0;
  wchar_t** wide = ::CommandLineToArgvW(::GetCommandLineW(), &count);
  std::vector<std::string> arguments;
  for (int place = 1; place < count; ++place) arguments.push_back(narrow(wide[place]));
  ::LocalFree(wide);
  return arguments;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const std::wstring wide = widen(name);
  const DWORD size = ::GetEnvironmentVariableW(wide.c_str(), nullptr, 0);
  if (size == 0) return std::nullopt;
  std::wstring value(size, L'\0');
  const DWORD written = ::GetEnvironmentVariableW(wide.c_str(), value.data(), size);
  value.resize(std::min(written, size));
  return narrow(value.c_str());
}

std::string error_text(int error_number) { return std::generic_category().message(error_number); }

}  // namespace paymentctl
#endif
