#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace paymentctl {

/// A variable, constant or specific symbol: 1 to 10 digits, the first one not zero. Leading zeros
/// have no meaning in Czech payments, so they are not kept; trailing zeros are.
class Symbol {
 public:
  /// Digits only; leading zeros are dropped first. Zeros only, more than 10 digits, or anything
  /// that is no digit: nullopt.
  static std::optional<Symbol> parse(std::string_view text);

  [[nodiscard]] const std::string& str() const { return digits_; }
  auto operator<=>(const Symbol&) const = default;

 private:
  explicit Symbol(std::string digits) : digits_(std::move(digits)) {}
  std::string digits_;
};

}  // namespace paymentctl
