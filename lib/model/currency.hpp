#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string_view>

namespace paymentctl {

/// An ISO 4217 code: three letters A to Z.
class Currency {
 public:
  static constexpr Currency czk() { return Currency({'C', 'Z', 'K'}); }
  static constexpr Currency eur() { return Currency({'E', 'U', 'R'}); }

  /// Exactly three capital letters, else nullopt.
  static constexpr std::optional<Currency> from_code(std::string_view code) {
    if (code.size() != 3) return std::nullopt;
    for (const char letter : code) {
      if (letter < 'A' || letter > 'Z') return std::nullopt;
    }
    return Currency({code[0], code[1], code[2]});
  }

  [[nodiscard]] constexpr std::string_view code() const { return {code_.data(), code_.size()}; }
  constexpr auto operator<=>(const Currency&) const = default;

 private:
  constexpr explicit Currency(std::array<char, 3> code) : code_(code) {}
  std::array<char, 3> code_;
};

}  // namespace paymentctl
