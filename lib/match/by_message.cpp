#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "match/rules.hpp"
#include "match/words.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_numbers = 20;
constexpr std::size_t longest_number = 20;

void add(std::vector<std::string>& numbers, const std::string& text) {
  std::string digits = digits_of(text);
  if (digits.empty() || digits.size() > longest_number || numbers.size() >= most_numbers) return;
  if (std::find(numbers.begin(), numbers.end(), digits) == numbers.end()) {
    numbers.push_back(std::move(digits));
  }
}

}  // namespace

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char character : text) {
    if (ascii::is_digit(character) && !(digits.empty() && character == '0'))
      digits.push_back(character);
  }
  return digits;
}

std::vector<std::string> numbers_in(const std::string& message) {
  std::vector<std::string> numbers;
  std::size_t at = 0;
  while (at < message.size() && numbers.size() < most_numbers) {
    if (!ascii::is_digit(message[at])) {
      ++at;
      continue;
    }
    // A run of digits, and the longer run that single dashes and slashes hold together.
    const std::size_t begin = at;
    std::size_t joints = 0;
    while (at < message.size()) {
      if (ascii::is_digit(message[at])) {
        ++at;
        continue;
      }
      const bool joint = message[at] == '-' || message[at] == '/';
      if (!joint || at + 1 >= message.size() || !ascii::is_digit(message[at + 1])) break;
      ++joints;
      ++at;
    }
    const std::string whole = message.substr(begin, at - begin);
    add(numbers, whole);
    if (joints == 0) continue;
    std::size_t part = 0;
    for (std::size_t end = whole.find_first_of("-/"); part < whole.size();
         end = whole.find_first_of("-/", part)) {
      add(numbers, whole.substr(part, end == std::string::npos ? end : end - part));
      if (end == std::string::npos) break;
      part = end + 1;
    }
  }
  return numbers;
}

Answer match_by_message(const Case& match) {
  const Payment& payment = match.payment;
  if (!payment.message) return std::nullopt;
  std::vector<Document> exact;
  for (const std::string& number : numbers_in(*payment.message)) {
    for (Document& document : match.documents.open_named(payment.direction, number,
                                                         payment.currency, exact_range(match))) {
      // With a symbol that nobody knows, only the partner's own account speaks for the payment.
      if (match.foreign_symbol && !owned_by(document, match.owners)) continue;
      const bool known = std::any_of(exact.begin(), exact.end(), [&](const Document& other) {
        return ref_of(other) == ref_of(document);
      });
      if (!known) exact.push_back(std::move(document));
    }
  }
  if (exact.empty()) return std::nullopt;
  if (exact.size() == 1 && !match.owners.empty() && !owned_by(exact.front(), match.owners)) {
    return ambiguous(
        match, MatchRule::message_symbol, exact,
        fmt::format("the message \"{}\" names {}, but account {} belongs to another "
                    "partner",
                    *payment.message, named(exact.front()), payment.counterparty.account->str()));
  }
  if (exact.size() == 1) {
    return settled(
        match, MatchStatus::paid, MatchRule::message_symbol, exact,
        fmt::format("the message \"{}\" names {}, which owes {}", *payment.message,
                    named(exact.front()), money(exact.front().outstanding, payment.currency)));
  }
  return ambiguous(match, MatchRule::message_symbol, exact,
                   fmt::format("the message names {}, and each owes {}", named(exact),
                               money(payment.amount, payment.currency)));
}

}  // namespace paymentctl
