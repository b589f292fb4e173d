#pragma once

#include <optional>
#include <string>

#include "model/account_number.hpp"
#include "model/amount.hpp"
#include "model/currency.hpp"
#include "model/date.hpp"
#include "model/symbol.hpp"

namespace paymentctl {

enum class Direction { incoming, outgoing };

enum class PaymentKind { transfer, card, cash, fee, interest, loan, other };

/// Where a payment was read: the mail, its place in it, and by which format and settings.
struct Source {
  std::string path;        ///< the mail's file; absolute between stages, "-" for standard input
  std::string sha256;      ///< of the mail's bytes, 64 hexadecimal digits
  std::string message_id;  ///< as in the header, without angle brackets; empty where there is none
  int index = 0;           ///< 0 to count − 1
  int count = 1;           ///< how many payments the mail tells of
  std::string format;      ///< id of the bank format; empty where none applied
  std::string policy;      ///< digest of the settings under which the mail was judged
};

struct Counterparty {
  std::optional<AccountNumber> account;
  std::optional<std::string> name;
};

/// One credit or debit on one of our own accounts, as the bank's notice or statement tells it.
struct Payment {
  Source source;
  std::string bank;  ///< code of the bank that sent the notice, four digits
  PaymentKind kind = PaymentKind::transfer;
  Direction direction = Direction::incoming;
  Amount amount;  ///< Amount::is_payable()
  Currency currency = Currency::czk();
  Date booked_on;
  std::optional<std::string> booked_time;  ///< as printed, HH:MM or HH:MM:SS
  std::optional<AccountNumber> own_account;
  Counterparty counterparty;
  std::optional<Symbol> variable_symbol;
  std::optional<Symbol> constant_symbol;
  std::optional<Symbol> specific_symbol;
  std::optional<std::string> message;  ///< never empty
  std::optional<std::string> bank_reference;
  std::optional<Amount> balance;  ///< after the movement; may be negative
  /// The bank takes an earlier movement back (storno): it settles nothing. Statements tell it.
  bool reversal = false;
};

}  // namespace paymentctl
