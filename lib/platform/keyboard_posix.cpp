#ifndef _WIN32
#include <cerrno>

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "platform/before_end.hpp"
#include "platform/keyboard.hpp"

namespace paymentctl {
namespace {

constexpr int escape_pause = 50;  // ms in which the rest of a special key has come

std::optional<char> read_byte() {
  char byte = '\0';
  ssize_t size = 0;
  do {
    size = ::read(STDIN_FILENO, &byte, 1);
  } while (size < 0 && errno == EINTR);
  if (size != 1) return std::nullopt;
  return byte;
}

bool is_more() {
  pollfd waiting{STDIN_FILENO, POLLIN, 0};
  return ::poll(&waiting, 1, escape_pause) == 1;
}

/// Behind Escape: "[", parameters and a final letter, or "O" and one letter, or a single key.
void swallow_special_key() {
  if (!is_more()) return;
  auto byte = read_byte();
  if (byte == 'O' && is_more()) read_byte();
  while (byte && (*byte == '[' || *byte == ';' || (*byte >= '0' && *byte <= '9')) && is_more()) {
    byte = read_byte();
  }
}

}  // namespace

struct Keyboard::State {
  State() : before_end([this] { restore(); }) {
    is_known = ::tcgetattr(STDIN_FILENO, &before) == 0;
  }

  void set_raw() const {
    termios raw = before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (is_known) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  }
  void restore() const {
    if (is_known) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
  }

  termios before{};
  bool is_known = false;
  BeforeEnd before_end;
};

bool Keyboard::is_there() { return ::isatty(STDIN_FILENO) == 1; }

Keyboard::Keyboard() : state_(std::make_unique<State>()) {}
Keyboard::~Keyboard() = default;

std::optional<char> Keyboard::key() {
  constexpr char escape = 27;
  state_->set_raw();
  auto byte = read_byte();
  while (byte == escape) {
    swallow_special_key();
    byte = read_byte();
  }
  state_->restore();
  return byte;
}

}  // namespace paymentctl
#endif
