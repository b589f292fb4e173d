#pragma once

#include <cstddef>
#include <string_view>

namespace paymentctl {

/// Reads a multi-line reply of POP3 (RFC 1939, section 3) in pieces of any size: undoes the
/// dot-stuffing and finds the end, which is CRLF.CRLF and nothing else: a lone LF ends no line,
/// else a mail with "\n.\r\n" in it would lose its rest. No byte is looked at twice.
class DotReader {
 public:
  /// Hands the content in `bytes` to `sink(std::string_view)`; how many bytes were used. Less than
  /// all only when the end was found; what is behind it belongs to the next reply.
  template <typename Sink>
  std::size_t feed(std::string_view bytes, Sink&& sink);

  [[nodiscard]] bool done() const { return state_ == State::done; }

 private:
  enum class State { line_start, in_line, after_cr, dot, dot_cr, done };
  State state_ = State::line_start;
};

template <typename Sink>
std::size_t DotReader::feed(std::string_view bytes, Sink&& sink) {
  std::size_t from = 0;  // what is not handed over yet
  std::size_t at = 0;
  const auto hand_over = [&](std::size_t to) {
    if (to > from) sink(bytes.substr(from, to - from));
  };
  while (at < bytes.size() && state_ != State::done) {
    const char byte = bytes[at];
    switch (state_) {
      case State::line_start:
        if (byte == '.') {
          hand_over(at);
          from = at + 1;
          state_ = State::dot;
          ++at;
          break;
        }
        [[fallthrough]];
      case State::in_line: {
        const std::size_t end = bytes.find('\r', at);
        at = end == std::string_view::npos ? bytes.size() : end + 1;
        state_ = end == std::string_view::npos ? State::in_line : State::after_cr;
        break;
      }
      case State::after_cr:
        state_ = byte == '\n' ? State::line_start : byte == '\r' ? State::after_cr : State::in_line;
        ++at;
        break;
      case State::dot:
        // The CR is held back: it may belong to the end.
        state_ = byte == '\r' ? State::dot_cr : State::in_line;
        if (byte == '\r') from = ++at;
        break;
      case State::dot_cr:
        if (byte == '\n') {
          state_ = State::done;
          from = ++at;
        } else {
          sink(std::string_view("\r", 1));
          state_ = State::after_cr;
        }
        break;
      case State::done:
        break;
    }
  }
  hand_over(at);
  return at;
}

}  // namespace paymentctl
