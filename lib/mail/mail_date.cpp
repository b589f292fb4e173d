#include "mail/mail_date.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::size_t most_words = 4;  // weekday, day, month, year

struct Words {
  std::array<std::string_view, most_words> word{};
  std::size_t count = 0;
};

/// The first words, apart by blanks, commas, hyphens and comments.
Words first_words(std::string_view text) {
  Words words;
  std::size_t at = 0;
  while (at < text.size() && words.count < most_words) {
    const char c = text[at];
    if (c == '(') {
      std::size_t depth = 0;
      for (; at < text.size(); ++at) {
        if (text[at] == '\\')
          ++at;
        else if (text[at] == '(')
          ++depth;
        else if (text[at] == ')' && --depth == 0)
          break;
      }
      ++at;
    } else if (ascii::is_space(c) || c == ',' || c == '-') {
      ++at;
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n,-(", at), text.size());
      words.word[words.count++] = text.substr(at, end - at);
      at = end;
    }
  }
  return words;
}

std::optional<int> number(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (!ascii::is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<unsigned> month(std::string_view text) {
  for (unsigned i = 0; i < months.size(); ++i) {
    if (ascii::equal(text.substr(0, 3), months[i])) return i + 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Date> read_mail_date(std::string_view text) {
  const Words words = first_words(text);
  std::size_t at = words.count > 0 && !number(words.word[0]) ? 1 : 0;
  if (words.count < at + 3) return std::nullopt;
  const auto day = number(words.word[at]);
  const auto name = month(words.word[at + 1]);
  auto year = number(words.word[at + 2]);
  if (!day || !name || !year) return std::nullopt;
  if (words.word[at + 2].size() < 4) *year += *year < 50 ? 2000 : 1900;  // RFC 5322, 4.3
  return Date::from(*year, *name, static_cast<unsigned>(*day));
}

}  // namespace paymentctl
