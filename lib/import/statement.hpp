#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/own_account.hpp"
#include "model/payment.hpp"

namespace paymentctl {

/// ABO/GPC as Czech banks write it, ISO 20022 camt.053 (versions 02 and 08), SWIFT MT940, the JSON
/// of Fio's interface.
enum class StatementFormat { gpc, camt053, mt940, fio_json };

/// "gpc", "camt.053", "mt940", "fio-json".
std::string_view name_of(StatementFormat format);
std::optional<StatementFormat> statement_format(std::string_view name);

/// What the beginning of a file (some hundred bytes) is, whatever its name; nullopt for none.
std::optional<StatementFormat> recognise_statement(std::string_view beginning);

struct StatementSettings {
  /// Ours: they tell the bank of an account that a file names without it (GPC), and the currency.
  std::vector<OwnAccount> own_accounts;
  /// Whose statement it is, where the file does not say it beyond doubt.
  std::optional<AccountNumber> account;
  /// A movement booked later than tomorrow is a mistake of the file.
  Date today;
};

/// One statement of one account; a file can hold several.
struct BankStatement {
  std::optional<AccountNumber> account;  ///< always there once it is read
  Currency currency = Currency::czk();
  std::string number;  ///< as the bank counts them; empty where it does not
  Date from;           ///< the first day that it covers
  Date to;             ///< the last one
  Amount opening;      ///< may be negative
  Amount closing;      ///< opening and all movements
  int line = 0;        ///< where it begins in the file, from 1
  std::uint64_t movements = 0;
};

/// One row of a statement. In `payment`, own account, bank and currency are those of the statement;
/// source.index counts the movements of the statement from 0.
struct StatementMovement {
  Payment payment;
  std::size_t statement = 0;  ///< of the file, from 0
  int line = 0;               ///< of the file, from 1
  /// Two rows with equal texts may be one movement that two files tell; what the bank gives as its
  /// reference, with day and amount, or all that the row says.
  std::string identity;
};

using MovementSink = std::function<void(const StatementMovement&)>;

/// Reads movement after movement in memory that does not grow with the file, and answers the
/// statements once all is read and every closing balance is the opening one with the movements.
/// Anything else is Error(data) that names `name`, line and value; what the sink took before that
/// must then be undone by the caller (all or nothing).
std::vector<BankStatement> read_statements(std::istream& input, std::string_view name,
                                           StatementFormat format,
                                           const StatementSettings& settings,
                                           const MovementSink& sink);

}  // namespace paymentctl
