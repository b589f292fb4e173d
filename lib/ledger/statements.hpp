#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/payments.hpp"
#include "ledger/posting.hpp"

namespace paymentctl {

/// Statements and the payments that they tell; every function that writes belongs within
/// Ledger::transaction().

/// A statement as the ledger keeps it.
struct StatementRow {
  std::int64_t id = 0;
  std::string path;    ///< of the file, absolute
  std::string sha256;  ///< of the file's bytes
  int position = 0;    ///< in the file, from 0
  std::string format;
  std::optional<AccountNumber> own_account;  ///< always there
  Currency currency = Currency::czk();
  std::string number;
  Date from;
  Date to;
  Amount opening;
  Amount closing;
  std::int64_t movements = 0;
};

/// Those of a file with these bytes, in its order; none for a file that was not imported.
std::vector<StatementRow> statements_of_file(Ledger& ledger, BoxKey box, const std::string& sha256);

/// Its id. The row's own id is not looked at.
std::int64_t insert_statement(Ledger& ledger, BoxKey box, const StatementRow& row, Timestamp now);

/// The statement of the account that ends last of those that begin before `row` or on its first
/// day; `row` itself left out.
std::optional<StatementRow> statement_before(Ledger& ledger, BoxKey box, const StatementRow& row);

/// Ids of statements that end on the day on which `row` begins, with another number and the balance
/// with which `row` begins: what they tell of that day, `row` does not tell again.
std::vector<std::int64_t> statements_that_precede(Ledger& ledger, BoxKey box,
                                                  const StatementRow& row);

/// Whether another format's statement of the account tells of days that `row` tells of.
bool overlaps_another_format(Ledger& ledger, BoxKey box, const StatementRow& row);

/// Whether the account has another statement than `row`.
bool has_other_statements(Ledger& ledger, BoxKey box, const StatementRow& row);

/// Whether there is any payment of the account, or of an unknown one, that only notices tell.
bool has_unconfirmed(Ledger& ledger, BoxKey box, const StatementRow& row);

/// Whether the company has any statement.
bool has_statements(Ledger& ledger, BoxKey box);

/// How a statement's row came by its payment.
enum class StatementRole {
  created,    ///< told first of it
  confirmed,  ///< a notice, or a statement in another format, had told of it
  repeated,   ///< an overlapping statement had
};
std::string_view name_of(StatementRole role);

/// Where in a statement a payment is told.
struct StatementLine {
  std::int64_t statement = 0;
  std::int64_t movement = 0;  ///< from 1
  int file_line = 0;
  std::string identity;  ///< the movement's own; empty where another statement has it already
};

/// Who has a movement's identity.
struct KnownMovement {
  std::int64_t payment = 0;
  std::int64_t statement = 0;
};
std::optional<KnownMovement> find_movement(Ledger& ledger, const std::string& identity);

/// A new payment that a statement tells first; its id.
std::int64_t insert_statement_payment(Ledger& ledger, BoxKey box, const StatementLine& line,
                                      const Payment& payment, const PaymentOutcome& outcome,
                                      Timestamp now);
void add_statement_source(Ledger& ledger, std::int64_t payment, const StatementLine& line,
                          const std::string& format, StatementRole role);

/// The payment takes the statement's values; what the statement does not have stays.
void take_over_values(Ledger& ledger, std::int64_t payment, const Payment& statement);

/// A notice told of a payment that a statement had told first.
void mark_told_by_notice(Ledger& ledger, std::int64_t payment);

/// Payments that only notices tell and that can be `payment` of the statement `row`: of the same
/// account (or of an unknown one at its bank), direction, amount and currency, with the same
/// variable symbol or one of the two without, booked within `days` of it and in the statement's
/// period.
std::vector<PaymentRow> unconfirmed_payments(Ledger& ledger, BoxKey box, const StatementRow& row,
                                             const Payment& payment, int days);

/// The same for payments that statements in other formats tell, on days that both cover.
std::vector<PaymentRow> payments_in_other_formats(Ledger& ledger, BoxKey box,
                                                  const StatementRow& row, const Payment& payment,
                                                  int days);

/// The other direction: payments that statements tell and that can be the notice's `payment`, its
/// day within the period of one of them.
std::vector<PaymentRow> payments_of_statements(Ledger& ledger, BoxKey box, const Payment& payment,
                                               int days);

/// Ids of payments in the statement's period that only notices tell, at most `limit`.
std::vector<std::int64_t> told_by_notices_alone(Ledger& ledger, BoxKey box, const StatementRow& row,
                                                int limit);

/// One telling of a payment by a statement.
struct StatementTelling {
  StatementRow statement;
  StatementRole role = StatementRole::created;
  std::int64_t movement = 0;
  int file_line = 0;
};
/// In the order of import.
std::vector<StatementTelling> tellings_of(Ledger& ledger, BoxKey box, std::int64_t payment);

/// The rows of a statement behind the movement `after`, in its order.
struct ToldPayment {
  StatementRole role = StatementRole::created;
  std::int64_t movement = 0;
  int file_line = 0;
  std::int64_t payment = 0;
};
std::vector<ToldPayment> payments_told_by(Ledger& ledger, std::int64_t statement,
                                          std::int64_t after, int limit);

}  // namespace paymentctl
