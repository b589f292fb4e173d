#include "model/date.hpp"

#include <charconv>

namespace paymentctl {

std::optional<Date> Date::from(int year, unsigned month, unsigned day) {
  if (year < 1900 || year > 2199) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return Date(std::chrono::sys_days(date));
}

std::optional<Date> Date::from_iso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  unsigned numbers[3] = {};
  const std::string_view parts[3] = {text.substr(0, 4), text.substr(5, 2), text.substr(8, 2)};
  for (int i = 0; i < 3; ++i) {
    const char* end = parts[i].data() + parts[i].size();
    const auto [stopped, error] = std::from_chars(parts[i].data(), end, numbers[i]);
    if (error != std::errc() || stopped != end) return std::nullopt;
  }
  return from(static_cast<int>(numbers[0]), numbers[1], numbers[2]);
}

std::string Date::iso() const {
  const std::chrono::year_month_day date(day_);
  // Digit by digit, since an import of a million documents spends its time on such things.
  std::string text = "0000-00-00";
  const auto write = [&text](std::size_t last, unsigned number) {
    for (; number > 0; number /= 10) text[last--] = static_cast<char>('0' + number % 10);
  };
  write(3, static_cast<unsigned>(static_cast<int>(date.year())));
  write(6, static_cast<unsigned>(date.month()));
  write(9, static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace paymentctl
