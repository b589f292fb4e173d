#pragma once

#include <array>
#include <cstddef>
#include <istream>
#include <string_view>

#include "model/error.hpp"

namespace paymentctl {

/// Byte after byte of a stream in pieces of 64 KiB, with the number of the line.
class ByteReader {
 public:
  explicit ByteReader(std::istream& input) : input_(input) {}

  /// The next byte without taking it, or -1 at the end.
  int peek() {
    if (at_ == size_ && !fill()) return -1;
    return static_cast<unsigned char>(buffer_[at_]);
  }
  /// Takes the next byte, or -1 at the end.
  int get() {
    const int byte = peek();
    if (byte < 0) return byte;
    ++at_;
    if (byte == '\n') ++line_;
    return byte;
  }
  /// Takes the bytes that come next up to one of `stops`, as far as they are read already; `stops`
  /// holds the line feed.
  std::string_view get_until(std::string_view stops) {
    if (peek() < 0) return {};
    const std::string_view ready(buffer_.data() + at_, size_ - at_);
    const std::string_view run = ready.substr(0, ready.find_first_of(stops));
    at_ += run.size();
    return run;
  }
  /// A byte order mark at the very beginning.
  void skip_mark() {
    if (peek() >= 0 && std::string_view(buffer_.data(), size_).starts_with("\xEF\xBB\xBF")) at_ = 3;
  }
  /// From 1; the line of the byte that comes next.
  [[nodiscard]] int line() const { return line_; }

 private:
  bool fill() {
    input_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    if (input_.bad()) throw Error(ExitCode::io, "the file cannot be read to its end");
    at_ = 0;
    size_ = static_cast<std::size_t>(input_.gcount());
    return size_ > 0;
  }

  std::istream& input_;
  std::array<char, 1U << 16> buffer_{};
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  int line_ = 1;
};

}  // namespace paymentctl
