#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace paymentctl {

/// Which three bytes follow each other somewhere in a text: tells in no time that a word is not
/// there, whatever the length of the text. A large text holds everything by and by; then only
/// looking for the word tells.
class Trigrams {
 public:
  /// A word that is looked for in many texts.
  class Word {
   public:
    explicit Word(std::string text) : text_(std::move(text)) {
      for (std::size_t i = 0; i + 2 < text_.size(); ++i) {
        bits_.push_back(static_cast<std::uint16_t>(bit_at(text_, i)));
      }
    }
    [[nodiscard]] const std::string& text() const { return text_; }
    /// Too short for its trigrams to tell much.
    [[nodiscard]] bool is_short() const { return bits_.size() < 3; }

   private:
    friend class Trigrams;
    std::string text_;
    std::vector<std::uint16_t> bits_;
  };

  Trigrams() = default;
  explicit Trigrams(std::string_view text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
      const std::uint32_t bit = bit_at(text, i);
      seen_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
  }

  /// False where `word` is not in the text for sure.
  [[nodiscard]] bool may_hold(const Word& word) const {
    for (const std::uint16_t bit : word.bits_) {
      if ((seen_[bit / 64] >> (bit % 64) & 1) == 0) return false;
    }
    return true;
  }

 private:
  static constexpr unsigned bits = 14;

  static std::uint32_t bit_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i]));
    };
    return ((byte(0) | byte(1) << 8 | byte(2) << 16) * 0x9E3779B1u) >> (32 - bits);
  }

  std::array<std::uint64_t, (1u << bits) / 64> seen_{};
};

}  // namespace paymentctl
