#ifdef _WIN32
#include <cstdio>

#include <conio.h>
#include <io.h>

#include "platform/keyboard.hpp"

namespace paymentctl {

struct Keyboard::State {};

bool Keyboard::is_there() { return ::_isatty(::_fileno(stdin)) != 0; }

Keyboard::Keyboard() = default;
Keyboard::~Keyboard() = default;

std::optional<char> Keyboard::key() {
  // The console's mode stays as it is; a special key is a prefix and a code.
  constexpr int prefix = 0;
  constexpr int other_prefix = 0xE0;
  int code = ::_getch();
  while (code == prefix || code == other_prefix) {
    ::_getch();
    code = ::_getch();
  }
  if (code == EOF) return std::nullopt;
  return static_cast<char>(code);
}

}  // namespace paymentctl
#endif
