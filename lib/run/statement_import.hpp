#pragma once

#include <optional>
#include <string>
#include <vector>

#include "import/statement.hpp"
#include "ledger/statements.hpp"
#include "run/box_session.hpp"

namespace paymentctl {

struct StatementOptions {
  std::optional<StatementFormat> format;  ///< absent: recognised from the content
  std::optional<OwnAccount> account;      ///< absent: from the file, with the help of ownAccounts
  bool notify = true;                     ///< write notifications about what is paid by it
};

/// What became of one statement of a file.
struct StatementResult {
  StatementRow statement;
  bool known = false;  ///< these very bytes were imported before; nothing was changed
  std::int64_t created = 0;
  std::int64_t confirmed = 0;  ///< notices had told of them
  std::int64_t repeated = 0;   ///< other statements had
  /// Payments of the period that notices told of and that are not in the statement.
  std::vector<std::int64_t> missing;
  std::vector<std::string> warnings;
};

/// Imports a file, all of it or nothing. Error(no_input) when it is not there, Error(data) with
/// file and line when it cannot be understood, is of an account that is not ours, or does not add
/// up.
std::vector<StatementResult> import_statements(BoxSession& session, const std::string& file,
                                               const StatementOptions& options);

/// {"type":"statement", …}
Json listed(const StatementResult& result);

/// Hands each movement of a statement to `take`: {"type":"movement","outcome":"new", …} around the
/// payment as lists have it. What other statements told before is left out.
void each_movement(BoxSession& session, const StatementResult& result,
                   const std::function<void(const Json&)>& take);

/// For `payments show`: which statements tell a payment.
Json listed(const std::vector<StatementTelling>& tellings);

}  // namespace paymentctl
