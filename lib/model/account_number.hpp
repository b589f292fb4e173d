#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace paymentctl {

/// A bank account whose check digits hold, in the one form in which it is compared:
/// "[prefix-]number/bank" without leading zeros for Czech accounts (a Czech IBAN becomes that), an
/// IBAN without blanks for foreign ones.
/// Source: decree 169/2011 Sb. of the Czech National Bank (modulo 11), ISO 13616 (IBAN, modulo 97).
class AccountNumber {
 public:
  /// Takes "19-2000145399/0800", "000019-2000145399/0800", "0-531417059/0600", an IBAN with or
  /// without blanks, an IBAN with a trailing "/" or "/8100". Without "/bank" the four digits of
  /// `default_bank` serve, where given. Blanks around and inside are dropped. Wrong check digits,
  /// masked digits ("242***285"), a zero number, any other text: nullopt.
  static std::optional<AccountNumber> parse(std::string_view text,
                                            std::string_view default_bank = {});

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] bool is_iban() const;
  /// The four digits behind the slash; for an IBAN empty.
  [[nodiscard]] std::string_view bank_code() const;
  auto operator<=>(const AccountNumber&) const = default;

 private:
  explicit AccountNumber(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Modulo 11 with the weights 1 2 4 8 5 10 9 7 3 6 from the right; at most 10 digits.
bool passes_modulo_11(std::string_view digits);

/// Modulo 97 of an IBAN without blanks, 15 to 34 characters, in capitals.
bool passes_modulo_97(std::string_view iban);

}  // namespace paymentctl
