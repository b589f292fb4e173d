#include "parse/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "model/ascii.hpp"
#include "parse/folded_text.hpp"

namespace paymentctl {
namespace {

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_separator(char c) { return c == ' ' || c == '\n' || c == '.' || c == ','; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes a number of `least` to `most` digits off the front of `text`.
std::optional<unsigned> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t size = 0;
  while (size < text.size() && ascii::is_digit(text[size])) ++size;
  if (size < least || size > most) return std::nullopt;
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + size, number);
  text.remove_prefix(size);
  return number;
}

/// Units without their group separators, nullopt where the groups are not groups.
std::optional<std::string> ungrouped(std::string_view units) {
  std::string digits;
  std::size_t group = 0;
  char separator = 0;
  bool first = true;
  for (const char c : units) {
    if (ascii::is_digit(c)) {
      digits.push_back(c);
      ++group;
      continue;
    }
    const char kind = is_space(c) ? ' ' : c;
    if (separator != 0 && separator != kind) return std::nullopt;
    if (first ? (group == 0 || group > 3) : group != 3) return std::nullopt;
    separator = kind;
    first = false;
    group = 0;
  }
  if (digits.empty() || (separator != 0 && group != 3)) return std::nullopt;
  return digits;
}

}  // namespace

std::variant<ReadAmount, AmountFault> read_amount(std::string_view text) {
  text = trimmed(text);
  ReadAmount result;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    result.sign = text.front();
    text = trimmed(text.substr(1));
  }
  if (text.empty() || text.size() > 200 || !ascii::is_digit(text.front()) ||
      !ascii::is_digit(text.back())) {
    return AmountFault::unreadable;
  }
  std::string_view units = text;
  std::string_view decimals = "00";
  if (text.size() > 3 && ascii::is_digit(text[text.size() - 2]) &&
      (text[text.size() - 3] == ',' || text[text.size() - 3] == '.')) {
    decimals = text.substr(text.size() - 2);
    units = text.substr(0, text.size() - 3);
  }
  for (const char c : units) {
    if (!ascii::is_digit(c) && !is_separator(c)) return AmountFault::unreadable;
  }
  std::optional<std::string> digits = ungrouped(units);
  if (!digits) return AmountFault::unreadable;
  digits->erase(0, std::min(digits->find_first_not_of('0'), digits->size() - 1));
  if (digits->size() > 12) return AmountFault::too_large;
  digits->append(decimals);
  std::int64_t minor = 0;
  std::from_chars(digits->data(), digits->data() + digits->size(), minor);
  result.amount = Amount::from_minor(minor);
  return result;
}

AmountPieces split_amount(std::string_view text) {
  text = trimmed(text);
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  while (at < text.size() && is_space(text[at])) ++at;
  std::size_t end = 0;
  for (; at < text.size() && (ascii::is_digit(text[at]) || is_separator(text[at])); ++at) {
    if (ascii::is_digit(text[at])) end = at + 1;
  }
  return {text.substr(0, end), trimmed(text.substr(end))};
}

std::optional<Currency> read_currency(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && text.back() == '.') text = trimmed(text.substr(0, text.size() - 1));
  if (text == "kc") return Currency::czk();
  if (text == "\u20ac") return Currency::eur();
  if (text.size() != 3 || !std::all_of(text.begin(), text.end(), is_letter)) return std::nullopt;
  std::string code(text);
  for (char& c : code) c = static_cast<char>(c - 'a' + 'A');
  return Currency::from_code(code);
}

std::optional<Date> read_date(std::string_view text) {
  text = trimmed(text);
  if (text.size() == 10 && text[4] == '-') return Date::from_iso(text);
  const auto dot = [&text] {
    if (text.empty() || text.front() != '.') return false;
    text = trimmed(text.substr(1));
    return true;
  };
  const auto day = take_number(text, 1, 2);
  if (!day || !dot()) return std::nullopt;
  const auto month = take_number(text, 1, 2);
  if (!month || !dot()) return std::nullopt;
  const auto year = take_number(text, 4, 4);
  if (!year || !text.empty()) return std::nullopt;
  return Date::from(static_cast<int>(*year), *month, *day);
}

std::optional<std::string> read_time(std::string_view text) {
  text = trimmed(text);
  const auto hour = take_number(text, 1, 2);
  if (!hour || *hour > 23 || text.empty() || text.front() != ':') return std::nullopt;
  std::string result = *hour < 10 ? "0" : "";
  result += std::to_string(*hour);
  for (int pieces = 0; pieces < 2 && !text.empty(); ++pieces) {
    if (text.front() != ':') return std::nullopt;
    text.remove_prefix(1);
    const std::string_view digits = text.substr(0, 2);
    const auto number = take_number(text, 2, 2);
    if (!number || *number > 59) return std::nullopt;
    result.append(":").append(digits);
  }
  if (!text.empty()) return std::nullopt;
  return result;
}

ReadAccount read_account(std::string_view text, std::string_view default_code) {
  ReadAccount result;
  text = trimmed(text);
  const std::size_t slash = text.find('/');
  std::string_view number = trimmed(text.substr(0, slash));
  if (slash != std::string_view::npos) {
    std::string_view rest = text.substr(slash + 1);
    rest = trimmed(rest.substr(0, rest.find('/')));
    if (rest.size() == 4 && ascii::digits_only(rest)) result.code = rest;
    text =
        trimmed(text.substr(0, static_cast<std::size_t>(rest.data() + rest.size() - text.data())));
  }
  if (number.find_first_of("0123456789") == std::string_view::npos ||
      number.find_first_not_of("0-") == std::string_view::npos) {
    return result;
  }
  if (number.find('*') != std::string_view::npos || number.find("..") != std::string_view::npos ||
      number.find("xx") != std::string_view::npos ||
      number.find("\u2026") != std::string_view::npos) {
    result.masked = true;
    return result;
  }
  result.account = AccountNumber::parse(text, default_code);
  result.rejected = !result.account;
  return result;
}

bool fits_masked(const AccountNumber& account, std::string_view masked) {
  const std::string& text = account.str();
  const std::string_view number = std::string_view(text).substr(0, text.find('/'));
  masked = trimmed(masked.substr(0, masked.find('/')));
  const std::size_t first = masked.find('*');
  const std::size_t last = masked.rfind('*');
  if (first == std::string_view::npos) return false;
  const std::string_view head = masked.substr(0, first);
  const std::string_view tail = masked.substr(last + 1);
  if (masked.substr(first, last - first).find_first_not_of('*') != std::string_view::npos) {
    return false;
  }
  return head.size() + tail.size() >= 4 && head.size() + tail.size() < number.size() &&
         number.starts_with(head) && number.ends_with(tail);
}

}  // namespace paymentctl
