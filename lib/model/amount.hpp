#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paymentctl {

/// A sum of money as a whole number of hundredths; never floating point. The currency stands beside
/// it, not in it. Every currency is kept with two decimals.
class Amount {
 public:
  constexpr Amount() = default;

  /// The largest payment or document: 999999999999.99.
  static constexpr std::int64_t largest = 99'999'999'999'999;

  /// Hundredths; any sign. Throws Error(software) beyond ±largest × 90 (room for sums).
  static Amount from_minor(std::int64_t hundredths);

  /// A decimal as JSON and CSV have it: "3898.00", "-12.5", "7"; a full stop, at most two decimals,
  /// no blanks, no thousands separator, within ±largest. Everything else is nullopt.
  static std::optional<Amount> from_decimal(std::string_view text);

  [[nodiscard]] constexpr std::int64_t minor() const { return minor_; }

  /// "3898.00", always with two decimals.
  [[nodiscard]] std::string decimal() const;

  [[nodiscard]] constexpr bool is_zero() const { return minor_ == 0; }
  [[nodiscard]] constexpr bool is_negative() const { return minor_ < 0; }
  /// More than 0 and at most `largest`: what a payment or a document may have.
  [[nodiscard]] constexpr bool is_payable() const { return minor_ > 0 && minor_ <= largest; }

  Amount operator+(Amount other) const { return from_minor(minor_ + other.minor_); }
  Amount operator-(Amount other) const { return from_minor(minor_ - other.minor_); }
  Amount operator-() const { return from_minor(-minor_); }
  Amount& operator+=(Amount other) { return *this = *this + other; }
  Amount& operator-=(Amount other) { return *this = *this - other; }
  constexpr auto operator<=>(const Amount&) const = default;

 private:
  constexpr explicit Amount(std::int64_t minor) : minor_(minor) {}
  std::int64_t minor_ = 0;
};

}  // namespace paymentctl
