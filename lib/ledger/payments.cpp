#include "ledger/payments.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>

#include "ledger/document_row.hpp"
#include "ledger/payment_row.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

constexpr std::array<std::string_view, 8> status_names = {"paid",      "partially_paid", "overpaid",
                                                          "ambiguous", "unmatched",      "ignored",
                                                          "duplicate", "superseded"};

DocumentRef document_ref(const std::string& kind, const std::string& number,
                         const std::string& number_of) {
  return {stored(value_of<DocumentKind>(kind), "a kind of document", kind), number, number_of};
}

using PaymentsById = std::map<std::int64_t, PaymentRow*>;

PaymentsById by_id_of(std::vector<PaymentRow>& rows) {
  PaymentsById by_id;
  for (PaymentRow& row : rows) by_id[row.id] = &row;
  return by_id;
}

std::vector<std::string> ids_of(const PaymentsById& rows) {
  std::vector<std::string> ids;
  for (const auto& [id, row] : rows) ids.push_back(std::to_string(id));
  return ids;
}

void read_candidates(Database& database, const PaymentsById& by_id) {
  for (const auto& [payment, kind, number, number_of] :
       database.rows_among<std::int64_t, std::string, std::string, std::string>(
           "SELECT candidate.payment_id, document.kind, document.number, document.number_of FROM "
           "candidate JOIN document ON document.id = candidate.document_id "
           "WHERE candidate.payment_id IN {list} ORDER BY candidate.payment_id, candidate.position",
           {ids_of(by_id)})) {
    by_id.at(payment)->candidates.push_back(document_ref(kind, number, number_of));
  }
}

/// What other tables know of the payments, asked for all of them at once.
std::vector<PaymentRow> completed(Database& database, std::vector<PaymentRow> rows) {
  const PaymentsById by_id = by_id_of(rows);
  const std::vector<std::string> ids = ids_of(by_id);
  for (const auto& [payment, kind, number, number_of, amount, status] :
       database.rows_among<std::int64_t, std::string, std::string, std::string, std::int64_t,
                           std::string>(
           "SELECT allocation.payment_id, document.kind, document.number, document.number_of, "
           "allocation.amount, document.status FROM allocation JOIN document ON document.id = "
           "allocation.document_id WHERE allocation.payment_id IN {list} "
           "ORDER BY allocation.payment_id, allocation.position",
           {ids})) {
    by_id.at(payment)->allocations.push_back(
        {{document_ref(kind, number, number_of), Amount::from_minor(amount)},
         stored(value_of<DocumentStatus>(status), "a document's status", status)});
  }
  read_candidates(database, by_id);
  if (database.is_far()) {
    for (const auto& [payment, duplicate] : database.rows_among<std::int64_t, std::int64_t>(
             "SELECT duplicate_of, id FROM payment WHERE duplicate_of IN {list} ORDER BY id",
             {ids})) {
      by_id.at(payment)->duplicates.push_back(duplicate);
    }
    return rows;
  }
  // SQLite knows that nearly all have the same value, none, and would read all payments for a list.
  for (PaymentRow& row : rows) {
    for (const auto& [duplicate] : database.rows<std::int64_t>(
             "SELECT id FROM payment WHERE duplicate_of = :id ORDER BY id", row.id)) {
      row.duplicates.push_back(duplicate);
    }
  }
  return rows;
}

/// The first rows, by id, of the filter's states. Each is asked for by itself, since an index gives
/// the rows of one state in their order and of several in none: a page out of a million rows would
/// sort them all.
std::vector<PaymentRow> page_of_statuses(Database& database, BoxKey box,
                                         const PaymentFilter& filter, const std::string& rest) {
  std::vector<PaymentRow> page;
  for (const PaymentStatus status : filter.statuses) {
    auto rows = select_payments(
        database, "WHERE payment.company_id = :company AND payment.status = :status " + rest,
        box.company, name_of(status), filter.after, filter.limit);
    page.insert(page.end(), std::make_move_iterator(rows.begin()),
                std::make_move_iterator(rows.end()));
  }
  const auto by_id = [](const PaymentRow& a, const PaymentRow& b) { return a.id < b.id; };
  std::sort(page.begin(), page.end(), by_id);
  // A state that is named twice gives its rows twice.
  const auto same = [](const PaymentRow& a, const PaymentRow& b) { return a.id == b.id; };
  page.erase(std::unique(page.begin(), page.end(), same), page.end());
  if (page.size() > static_cast<std::size_t>(filter.limit)) {
    page.erase(page.begin() + filter.limit, page.end());
  }
  return page;
}

}  // namespace

std::vector<PaymentRow> with_candidates(Database& database, std::vector<PaymentRow> rows) {
  read_candidates(database, by_id_of(rows));
  return rows;
}

std::string_view name_of(PaymentStatus status) {
  return status_names.at(static_cast<std::size_t>(status));
}

std::optional<PaymentStatus> payment_status(std::string_view name) {
  for (std::size_t i = 0; i < status_names.size(); ++i) {
    if (status_names[i] == name) return static_cast<PaymentStatus>(i);
  }
  return std::nullopt;
}

PaymentStatus status_of(MatchStatus status) {
  switch (status) {
    case MatchStatus::paid:
      return PaymentStatus::paid;
    case MatchStatus::partially_paid:
      return PaymentStatus::partially_paid;
    case MatchStatus::overpaid:
      return PaymentStatus::overpaid;
    case MatchStatus::ambiguous:
      return PaymentStatus::ambiguous;
    case MatchStatus::unmatched:
      return PaymentStatus::unmatched;
  }
  return PaymentStatus::unmatched;
}

PaymentRow payment_from(const PaymentColumns& columns) {
  const auto& [head, movement, symbols, source] = columns;
  PaymentRow row;
  Payment& payment = row.payment;
  std::string kind;
  std::string direction;
  std::string currency;
  std::string booked;
  std::string status;
  std::optional<std::string> rule;
  std::int64_t amount = 0;
  std::int64_t unallocated = 0;
  std::tie(row.id, payment.bank, kind, direction, amount, currency, booked, payment.booked_time) =
      head;
  std::string own;
  std::optional<std::string> counter;
  std::optional<std::int64_t> balance;
  std::tie(own, counter, payment.counterparty.name, payment.message, payment.bank_reference,
           balance) = movement;
  std::optional<std::string> variable;
  std::optional<std::string> constant;
  std::optional<std::string> specific;
  std::tie(variable, constant, specific, status, rule, unallocated, row.why, row.duplicate_of) =
      symbols;
  Source& from = payment.source;
  int told = 0;
  std::tie(from.path, from.sha256, from.message_id, from.index, from.count, from.format,
           from.policy, payment.reversal, told) = source;
  row.told_by_notice = told != told_by_statement_only;
  row.told_by_statement = told != told_by_notice_only;

  payment.kind = stored(value_of<PaymentKind>(kind), "a kind of payment", kind);
  payment.direction = stored(value_of<Direction>(direction), "a direction", direction);
  payment.amount = Amount::from_minor(amount);
  payment.currency = stored(Currency::from_code(currency), "a currency", currency);
  payment.booked_on = stored(Date::from_iso(booked), "a day", booked);
  if (!own.empty()) payment.own_account = AccountNumber::parse(own);
  if (counter) payment.counterparty.account = AccountNumber::parse(*counter);
  if (balance) payment.balance = Amount::from_minor(*balance);
  if (variable) payment.variable_symbol = Symbol::parse(*variable);
  if (constant) payment.constant_symbol = Symbol::parse(*constant);
  if (specific) payment.specific_symbol = Symbol::parse(*specific);
  row.status = stored(payment_status(status), "a payment's status", status);
  if (rule) row.rule = value_of<MatchRule>(*rule);
  row.unallocated = Amount::from_minor(unallocated);
  return row;
}

std::vector<PaymentRow> list_payments(Ledger& ledger, BoxKey box, const PaymentFilter& filter) {
  Database& database = ledger.database();
  std::string rest;
  if (filter.from) rest += "AND payment.booked_on >= '" + filter.from->iso() + "' ";
  if (filter.to) rest += "AND payment.booked_on <= '" + filter.to->iso() + "' ";
  rest += "AND payment.id > :after ORDER BY payment.id LIMIT :most";
  if (filter.statuses.empty()) {
    return completed(database,
                     select_payments(database, "WHERE payment.company_id + 0 = :company " + rest,
                                     box.company, filter.after, filter.limit));
  }
  return completed(database, page_of_statuses(database, box, filter, rest));
}

void each_payment(Ledger& ledger, BoxKey box, PaymentFilter filter,
                  const std::function<void(const PaymentRow&)>& take) {
  for (bool more = true; more;) {
    const auto page = list_payments(ledger, box, filter);
    for (const PaymentRow& row : page) take(row);
    more = page.size() == static_cast<std::size_t>(filter.limit);
    if (more) filter.after = page.back().id;
  }
}

std::optional<PaymentRow> find_payment(Ledger& ledger, BoxKey box, std::int64_t id) {
  Database& database = ledger.database();
  auto rows = completed(database,
                        select_payments(database,
                                        "WHERE payment.company_id = :company AND payment.id = :id "
                                        "ORDER BY source.id LIMIT 1",
                                        box.company, id));
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<std::pair<std::int64_t, Amount>> payments_of_document(Ledger& ledger,
                                                                  std::int64_t document) {
  std::vector<std::pair<std::int64_t, Amount>> found;
  for (const auto& [payment, amount] : ledger.database().rows<std::int64_t, std::int64_t>(
           "SELECT payment_id, amount FROM allocation WHERE document_id = :document "
           "ORDER BY payment_id",
           document)) {
    found.emplace_back(payment, Amount::from_minor(amount));
  }
  return found;
}

std::vector<PaymentRow> payments_of_message(Ledger& ledger, BoxKey box, std::int64_t message) {
  Database& database = ledger.database();
  return completed(database,
                   select_payments(database,
                                   "WHERE source.message_id = :message AND payment.company_id = "
                                   ":company ORDER BY source.position",
                                   message, box.company));
}

}  // namespace paymentctl
