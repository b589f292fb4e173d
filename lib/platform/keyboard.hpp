#pragma once

#include <memory>
#include <optional>

namespace paymentctl {

/// The terminal behind standard input, key by key.
class Keyboard {
 public:
  /// Whether standard input is a terminal.
  static bool is_there();

  Keyboard();
  ~Keyboard();
  Keyboard(const Keyboard&) = delete;
  Keyboard& operator=(const Keyboard&) = delete;

  /// Waits for a key with a character; what is typed ahead counts. Ctrl-C comes as 3. Nullopt when
  /// the terminal is gone.
  std::optional<char> key();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace paymentctl
