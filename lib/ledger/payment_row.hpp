#pragma once

#include <string>
#include <vector>

#include "ledger/database.hpp"
#include "ledger/payments.hpp"
#include "ledger/posting.hpp"

namespace paymentctl {

/// The columns of a payment in four parts: what and when, between whom, symbols and outcome,
/// source.
using PaymentColumns = std::tuple<
    std::tuple<std::int64_t, std::string, std::string, std::string, std::int64_t, std::string,
               std::string, std::optional<std::string>>,
    std::tuple<std::string, std::optional<std::string>, std::optional<std::string>,
               std::optional<std::string>, std::optional<std::string>, std::optional<std::int64_t>>,
    std::tuple<std::optional<std::string>, std::optional<std::string>, std::optional<std::string>,
               std::string, std::optional<std::string>, std::int64_t, std::string, std::int64_t>,
    std::tuple<std::string, std::string, std::string, int, int, std::string, std::string, bool,
               int>>;

PaymentRow payment_from(const PaymentColumns& columns);

/// The column payment.told.
constexpr int told_by_notice_only = 1;
constexpr int told_by_statement_only = 2;
constexpr int told_by_both = 3;

/// The same rows with the documents that each may have paid.
std::vector<PaymentRow> with_candidates(Database& database, std::vector<PaymentRow> rows);

/// A new row without a source; its id.
std::int64_t insert_payment_row(Ledger& ledger, BoxKey box, const Payment& payment,
                                const PaymentOutcome& outcome, int told, Timestamp now);

/// Rows of payments that wait to be written (Database::mark), by their counter-account.
std::string payments_from(const std::string& account);

/// That many days later, as the columns have it.
std::string day_apart(Date day, int days);

/// The source is the one that told first ("notice" or "statement"), so there is one row a payment.
inline const std::string payment_columns =
    "SELECT payment.id, payment.bank, payment.kind, payment.direction, payment.amount, "
    "payment.currency, payment.booked_on, payment.booked_time, payment.own_account, "
    "payment.counter_account, payment.counter_name, payment.message, payment.bank_reference, "
    "payment.balance, payment.variable_symbol, payment.constant_symbol, payment.specific_symbol, "
    "payment.status, payment.rule, payment.unallocated, payment.why, payment.duplicate_of, "
    "COALESCE(message.path, statement.path), COALESCE(message.sha256, statement.sha256), "
    "message.message_id, COALESCE(source.position, source.line - 1), source.count, "
    "source.format, source.policy, payment.reversal, payment.told FROM payment "
    "LEFT JOIN payment_source source ON source.payment_id = payment.id AND source.role IN "
    "('notice', 'statement') "
    "LEFT JOIN message ON message.id = source.message_id "
    "LEFT JOIN statement ON statement.id = source.statement_id ";

template <typename... In>
std::vector<PaymentRow> select_payments(Database& database, const std::string& rest,
                                        const In&... values) {
  using Text = std::string;
  using OptionalText = std::optional<std::string>;
  using Number = std::int64_t;
  std::vector<PaymentRow> found;
  for (auto& row :
       database.rows<Number, Text, Text, Text, Number, Text, Text, OptionalText,  //
                     Text, OptionalText, OptionalText, OptionalText, OptionalText,
                     std::optional<Number>,  //
                     OptionalText, OptionalText, OptionalText, Text, OptionalText, Number, Text,
                     Number,  //
                     Text, Text, Text, int, int, Text, Text, bool, int>(payment_columns + rest,
                                                                        values...)) {
    const auto part = [&row]<std::size_t From, std::size_t... Index>(
        std::integral_constant<std::size_t, From>, std::index_sequence<Index...>) {
      return std::make_tuple(std::move(std::get<From + Index>(row))...);
    };
    found.push_back(payment_from(
        {part(std::integral_constant<std::size_t, 0>(), std::make_index_sequence<8>()),
         part(std::integral_constant<std::size_t, 8>(), std::make_index_sequence<6>()),
         part(std::integral_constant<std::size_t, 14>(), std::make_index_sequence<8>()),
         part(std::integral_constant<std::size_t, 22>(), std::make_index_sequence<9>())}));
  }
  return found;
}

}  // namespace paymentctl
