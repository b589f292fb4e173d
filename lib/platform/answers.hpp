#pragma once

#include <memory>
#include <optional>
#include <string>

namespace paymentctl {

/// One answer of a person: a key, and what was typed behind it on the same line.
struct Answer {
  char key = '\0';
  std::string rest;  ///< empty for a key pressed on a terminal
};

/// Answers from standard input. On a terminal a key is taken as it is pressed, without Enter and
/// echo; the terminal is in that state only while it waits for a key, and put back also when the
/// program is asked to end meanwhile. Elsewhere (a pipe, a file) a line is an answer.
class Answers {
 public:
  Answers();
  ~Answers();
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  [[nodiscard]] bool from_terminal() const;

  /// The next one; nullopt at the end of the input and, on a terminal, for Ctrl-C and Ctrl-D. Keys
  /// without a character (arrows, Delete) are swallowed whole. A blank line has the key '\0'.
  std::optional<Answer> next();

  /// A line of text, typed with the terminal's own editing; nullopt at the end of the input.
  std::optional<std::string> line();

 private:
  struct Terminal;
  std::unique_ptr<Terminal> terminal_;  ///< null where standard input is none
};

}  // namespace paymentctl
