#include "output.hpp"

#include <cerrno>
#include <cstdio>

#include <fmt/format.h>

#include "model/error.hpp"
#include "model/visible.hpp"
#include "platform/terminal.hpp"

namespace paymentctl::cli {
namespace {

[[noreturn]] void fail(int error_number) {
  if (error_number == EPIPE) throw ReaderGone();
  throw Error(ExitCode::io,
              fmt::format("cannot write to standard output: {}; what was printed is incomplete",
                          error_text(error_number)));
}

}  // namespace

void Output::write(std::string_view text) {
  if (is_dropped_) return;
  // JSON and CSV keep every character of a mail; a terminal would obey some of them.
  std::string shown;
  if (terminal_) text = shown = visible_lines(text);
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail(errno);
}

void Output::flush() {
  if (is_dropped_) return;
  errno = 0;
  if (std::fflush(stdout) != 0) fail(errno);
}

}  // namespace paymentctl::cli
