#pragma once

#include <cstddef>
#include <iterator>

#include "import/byte_reader.hpp"
#include "model/error.hpp"

namespace paymentctl {

inline constexpr std::size_t longest_json_token = 1U << 20;

/// Where the parser is, and how far it has gone without telling us anything.
struct JsonProgress {
  int line = 1;
  std::size_t silent = 0;
};

/// Feeds the parser byte by byte, so that a value knows its line and none grows without bound.
class JsonFeed {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  JsonFeed() = default;
  JsonFeed(ByteReader& bytes, JsonProgress& progress) : bytes_(&bytes), progress_(&progress) {}

  char operator*() const { return static_cast<char>(bytes_->peek()); }
  JsonFeed& operator++() {
    bytes_->get();
    progress_->line = bytes_->line();
    if (++progress_->silent > longest_json_token) {
      throw Error(ExitCode::data, "a value is longer than 1 MiB");
    }
    return *this;
  }
  JsonFeed operator++(int) {
    JsonFeed before = *this;
    ++*this;
    return before;
  }
  bool operator==(const JsonFeed& other) const { return at_end() == other.at_end(); }
  bool operator!=(const JsonFeed& other) const { return !(*this == other); }

 private:
  [[nodiscard]] bool at_end() const { return bytes_ == nullptr || bytes_->peek() < 0; }

  ByteReader* bytes_ = nullptr;
  JsonProgress* progress_ = nullptr;
};

}  // namespace paymentctl
