#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "model/account_number.hpp"
#include "model/amount.hpp"
#include "model/currency.hpp"
#include "model/date.hpp"

namespace paymentctl {

// All of them take folded text (lower case, single blanks), as banks' values are the same there.

struct ReadAmount {
  Amount amount;  ///< without its sign
  char sign = 0;  ///< '+', '-', or 0 where none is printed
};

enum class AmountFault { unreadable, too_large };

/// Blanks and separators are dropped: the last '.' or ',' followed by exactly two digits at the end
/// is the decimal one, the others group thousands and must stand before three digits each. One
/// digit behind a separator, unequal groups, two signs: unreadable. More than 999999999999.99:
/// too_large.
std::variant<ReadAmount, AmountFault> read_amount(std::string_view text);

/// Cuts "3 025,00 kc." into number and rest ("kc."); the number is empty where none begins there.
struct AmountPieces {
  std::string_view number;
  std::string_view rest;
};
AmountPieces split_amount(std::string_view text);

/// "kc", "czk", "eur", "€", any three letters; a full stop behind is dropped. Empty: nullopt.
std::optional<Currency> read_currency(std::string_view text);

/// "25.08.2026", "2. 9. 2026", "2026-08-25"; the day must exist.
std::optional<Date> read_date(std::string_view text);

/// "13:17", "8:20", "11:47:09" as HH:MM or HH:MM:SS; the time must exist.
std::optional<std::string> read_time(std::string_view text);

/// An account as printed.
struct ReadAccount {
  std::optional<AccountNumber> account;
  std::string_view code;  ///< of the bank, where four digits stand behind the slash
  bool rejected = false;  ///< looks like an account, but its check digits fail
  bool masked = false;    ///< digits hidden by '*', 'x' or dots
};

/// "/", "*", "platba kartou", zeros only and an empty text are no account; what stands behind a
/// second slash is dropped; `default_code` serves where no bank is printed.
ReadAccount read_account(std::string_view text, std::string_view default_code = {});

/// Does "242***285" fit the account's number? Visible digits before and behind the hidden ones.
bool fits_masked(const AccountNumber& account, std::string_view masked);

}  // namespace paymentctl
