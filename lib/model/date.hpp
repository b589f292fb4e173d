#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace paymentctl {

/// A calendar day that exists, from 1900-01-01 to 2199-12-31.
class Date {
 public:
  /// 1970-01-01, so that a struct can be filled member by member.
  Date() = default;
  /// 31 February and years out of range: nullopt.
  static std::optional<Date> from(int year, unsigned month, unsigned day);
  /// "YYYY-MM-DD" exactly, else nullopt.
  static std::optional<Date> from_iso(std::string_view text);

  /// "YYYY-MM-DD".
  [[nodiscard]] std::string iso() const;
  [[nodiscard]] std::chrono::sys_days days() const { return day_; }
  auto operator<=>(const Date&) const = default;

 private:
  explicit Date(std::chrono::sys_days day) : day_(day) {}
  std::chrono::sys_days day_{};
};

}  // namespace paymentctl
