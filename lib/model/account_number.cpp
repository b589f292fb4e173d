#include "model/account_number.hpp"

#include <algorithm>
#include <array>

#include "model/ascii.hpp"

namespace paymentctl {
namespace {

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
std::string_view without_leading_zeros(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

/// The national form from its three pieces, nullopt where a check fails.
std::optional<std::string> national(std::string_view prefix, std::string_view number,
                                    std::string_view bank) {
  prefix = without_leading_zeros(prefix);
  number = without_leading_zeros(number);
  if (prefix.size() > 6 || number.size() < 2 || number.size() > 10) return std::nullopt;
  if (bank.size() != 4 || !ascii::digits_only(bank) || bank == "0000") return std::nullopt;
  if (!passes_modulo_11(prefix) || !passes_modulo_11(number)) return std::nullopt;
  std::string text;
  if (!prefix.empty()) text.append(prefix).append("-");
  text.append(number).append("/").append(bank);
  return text;
}

}  // namespace

bool passes_modulo_11(std::string_view digits) {
  static constexpr std::array<int, 10> weights = {1, 2, 4, 8, 5, 10, 9, 7, 3, 6};
  if (digits.size() > weights.size()) return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char digit = digits[digits.size() - 1 - i];
    if (!ascii::is_digit(digit)) return false;
    sum += (digit - '0') * weights[i];
  }
  return sum % 11 == 0;
}

bool passes_modulo_97(std::string_view iban) {
  if (iban.size() < 15 || iban.size() > 34) return false;
  if (!is_letter(iban[0]) || !is_letter(iban[1]) || !ascii::is_digit(iban[2]) ||
      !ascii::is_digit(iban[3])) {
    return false;
  }
  int remainder = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    if (ascii::is_digit(c)) {
      remainder = (remainder * 10 + (c - '0')) % 97;
    } else if (is_letter(c)) {
      remainder = (remainder * 100 + (c - 'A' + 10)) % 97;
    } else {
      return false;
    }
  }
  return remainder == 1;
}

std::optional<AccountNumber> AccountNumber::parse(std::string_view text,
                                                  std::string_view default_bank) {
  if (text.size() > 80) return std::nullopt;
  std::string compact;
  for (const char c : text) {
    if (c == ' ' || c == '\t') continue;
    compact.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  const auto slash = compact.find('/');
  const std::string_view whole = compact;
  const std::string_view account = whole.substr(0, slash);
  const std::string_view bank =
      slash == std::string::npos ? std::string_view() : whole.substr(slash + 1);

  if (account.size() >= 2 && is_letter(account[0]) && is_letter(account[1])) {
    if (!bank.empty() && !(bank.size() == 4 && ascii::digits_only(bank))) return std::nullopt;
    if (!passes_modulo_97(account)) return std::nullopt;
    if (!account.starts_with("CZ")) return AccountNumber(std::string(account));
    if (account.size() != 24 || !ascii::digits_only(account.substr(4))) return std::nullopt;
    auto czech = national(account.substr(8, 6), account.substr(14, 10), account.substr(4, 4));
    if (!czech) return std::nullopt;
    return AccountNumber(*std::move(czech));
  }

  const auto dash = account.find('-');
  const bool has_prefix = dash != std::string_view::npos;
  const std::string_view prefix = has_prefix ? account.substr(0, dash) : std::string_view();
  const std::string_view number = has_prefix ? account.substr(dash + 1) : account;
  if (!ascii::digits_only(number) || (has_prefix && !ascii::digits_only(prefix)))
    return std::nullopt;
  auto czech = national(prefix, number, slash == std::string::npos ? default_bank : bank);
  if (!czech) return std::nullopt;
  return AccountNumber(*std::move(czech));
}

bool AccountNumber::is_iban() const { return is_letter(text_.front()); }

std::string_view AccountNumber::bank_code() const {
  if (is_iban()) return {};
  return std::string_view(text_).substr(text_.size() - 4);
}

}  // namespace paymentctl
