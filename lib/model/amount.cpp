#include "model/amount.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "model/error.hpp"

namespace paymentctl {

Amount Amount::from_minor(std::int64_t hundredths) {
  constexpr std::int64_t bound = largest * 90;
  if (hundredths > bound || hundredths < -bound) {
    throw Error(ExitCode::software, "a sum of money is larger than any ledger can hold");
  }
  return Amount(hundredths);
}

std::optional<Amount> Amount::from_decimal(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const std::string_view units = text.substr(0, point);
  const std::string_view decimals =
      point == std::string_view::npos ? std::string_view("00") : text.substr(point + 1);
  const auto digits_only = [](std::string_view part) {
    return !part.empty() &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!digits_only(units) || !digits_only(decimals) || decimals.size() > 2) return std::nullopt;

  std::int64_t value = 0;
  const auto take = [&value](char digit) {
    value = value * 10 + (digit - '0');
    return value <= largest;
  };
  for (const char digit : units) {
    if (!take(digit)) return std::nullopt;
  }
  if (!take(decimals[0]) || !take(decimals.size() == 2 ? decimals[1] : '0')) return std::nullopt;
  return Amount(negative ? -value : value);
}

std::string Amount::decimal() const {
  const std::int64_t size = std::abs(minor_);
  return fmt::format("{}{}.{:02}", minor_ < 0 ? "-" : "", size / 100, size % 100);
}

}  // namespace paymentctl
