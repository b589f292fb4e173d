#include "ledger/posting.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include <fmt/format.h>

#include "ledger/database.hpp"
#include "ledger/payment_row.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

template <typename Value>
std::optional<std::string> text_of(const std::optional<Value>& value) {
  return value ? std::optional<std::string>(value->str()) : std::nullopt;
}

std::optional<std::string_view> name_or_null(const std::optional<MatchRule>& rule) {
  return rule ? std::optional(name_of(*rule)) : std::nullopt;
}

void insert_candidates(Ledger& ledger, BoxKey box, std::int64_t payment,
                       const std::vector<DocumentRef>& candidates) {
  int position = 0;
  for (const DocumentRef& candidate : candidates) {
    ledger.database().run(
        "INSERT INTO candidate (payment_id, position, document_id) SELECT :payment, :position, id "
        "FROM document WHERE company_id = :company AND kind = :kind AND number = :number AND "
        "number_of = :partner",
        payment, position++, box.company, name_of(candidate.kind), candidate.number,
        candidate.partner);
  }
}

std::string movement_key(const std::string& own, const std::string& amount,
                         std::string_view direction) {
  return fmt::format("movement {} {} {}", own, amount, direction);
}

/// What waits and has this payment's own account, amount and direction.
std::string movement_of(const Payment& payment) {
  return movement_key(text_of(payment.own_account).value_or(""),
                      std::to_string(payment.amount.minor()), name_of(payment.direction));
}

/// Of a payment's own account, amount, direction and currency, booked between two days.
const std::string of_one_movement =
    "payment.company_id = :company AND payment.own_account = :own AND payment.amount = :amount AND "
    "payment.direction = :direction AND payment.booked_on >= :first AND payment.booked_on <= :last "
    "AND payment.currency = :currency";

std::vector<PaymentRow> select_similar(Database& database, BoxKey box, const Payment& payment,
                                       int days) {
  const auto select = [&](const std::string& more, const auto&... values) {
    return select_payments(
        database,
        "WHERE " + of_one_movement +
            " AND payment.status <> 'duplicate' AND payment.status <> 'superseded'" + more,
        box.company, text_of(payment.own_account).value_or(""), payment.amount.minor(),
        name_of(payment.direction), day_apart(payment.booked_on, -days),
        day_apart(payment.booked_on, days), payment.currency.code(), values...);
  };
  // A club's members all pay the same: only some of their payments are worth reading.
  std::vector<PaymentRow> found =
      payment.variable_symbol && payment.kind != PaymentKind::card
          ? select(
                " AND (payment.variable_symbol = :symbol OR payment.variable_symbol IS NULL OR "
                "payment.bank_reference = :reference)",
                payment.variable_symbol->str(), payment.bank_reference)
          : select("");
  std::sort(found.begin(), found.end(),
            [](const PaymentRow& a, const PaymentRow& b) { return a.id < b.id; });
  return found;
}

}  // namespace

std::string payments_from(const std::string& account) { return "payments from " + account; }

void expect_payments(Ledger& ledger, BoxKey box, const std::vector<const Payment*>& payments) {
  Database& database = ledger.database();
  if (!database.is_far() || payments.empty()) return;
  database.reserve("payment", payments.size());
  Date first = payments.front()->booked_on;
  Date last = first;
  std::map<std::string, std::array<std::string, 3>> movements;
  std::set<std::string> accounts;
  for (const Payment* payment : payments) {
    first = std::min(first, payment->booked_on);
    last = std::max(last, payment->booked_on);
    movements.insert(
        {movement_of(*payment),
         {text_of(payment->own_account).value_or(""), std::to_string(payment->amount.minor()),
          std::string(name_of(payment->direction))}});
    if (payment->counterparty.account) accounts.insert(payment->counterparty.account->str());
  }
  std::vector<std::vector<std::string>> columns(3);
  for (const auto& [key, parts] : movements) {
    for (std::size_t i = 0; i < parts.size(); ++i) columns[i].push_back(parts[i]);
  }
  for (const auto& [id, own, amount, direction] :
       database.rows_among<std::optional<std::string>, std::string, std::string, std::string>(
           "SELECT (SELECT MIN(booked_on) FROM payment WHERE company_id = :company AND own_account "
           "= asked.column1 AND amount = CAST(asked.column2 AS BIGINT) AND direction = "
           "asked.column3 AND booked_on >= :first AND booked_on <= :last), asked.column1, "
           "asked.column2, asked.column3 FROM {rows} AS asked",
           columns, box.company, day_apart(first, -most_days_apart),
           day_apart(last, most_days_apart))) {
    if (!id) database.note_absent(movement_key(own, amount, direction));
  }
  for (const auto& [id, account] : database.rows_among<std::optional<std::int64_t>, std::string>(
           "SELECT (SELECT MIN(id) FROM payment WHERE company_id = :company AND counter_account = "
           "asked.column1), asked.column1 FROM {rows} AS asked",
           {{accounts.begin(), accounts.end()}}, box.company)) {
    if (!id) database.note_absent(payments_from(account));
  }
}

std::string day_apart(Date day, int days) {
  const std::chrono::year_month_day moved(day.days() + std::chrono::days(days));
  const auto date = Date::from(static_cast<int>(moved.year()), static_cast<unsigned>(moved.month()),
                               static_cast<unsigned>(moved.day()));
  return date.value_or(day).iso();
}

std::int64_t company_revision(Ledger& ledger, BoxKey box) {
  const auto row = ledger.database().row<std::int64_t>(
      "SELECT revision FROM company WHERE id = :company", box.company);
  return row ? std::get<0>(*row) : 0;
}

std::int64_t insert_payment_row(Ledger& ledger, BoxKey box, const Payment& payment,
                                const PaymentOutcome& outcome, int told, Timestamp now) {
  Database& database = ledger.database();
  const std::optional<std::int64_t> original =
      outcome.duplicate_of == 0 ? std::nullopt : std::optional(outcome.duplicate_of);
  const std::optional<std::int64_t> balance =
      payment.balance ? std::optional(payment.balance->minor()) : std::nullopt;
  const std::int64_t id = database.insert_numbered(
      "payment",
      "INSERT INTO payment (id, company_id, box_id, bank, kind, direction, amount, currency, "
      "booked_on, booked_time, own_account, counter_account, counter_name, "
      "variable_symbol, constant_symbol, specific_symbol, message, bank_reference, "
      "balance, status, rule, unallocated, why, duplicate_of, tried_revision, posted_at, "
      "reversal, told, pairing) "
      "VALUES (:id, :a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l, :m, :n, :o, :p, :q, :r, "
      ":s, :t, :u, :v, :w, CASE WHEN :x = 1 THEN -1 ELSE (SELECT revision FROM company "
      "WHERE id = :company) END, :y, :reversal, :told, :pairing)",
      box.company, box.box, payment.bank, name_of(payment.kind), name_of(payment.direction),
      payment.amount.minor(), payment.currency.code(), payment.booked_on.iso(), payment.booked_time,
      text_of(payment.own_account).value_or(""), text_of(payment.counterparty.account),
      payment.counterparty.name, text_of(payment.variable_symbol), text_of(payment.constant_symbol),
      text_of(payment.specific_symbol), payment.message, payment.bank_reference, balance,
      name_of(outcome.status), name_or_null(outcome.rule), outcome.unallocated.minor(), outcome.why,
      original, outcome.deferred, box.company, to_seconds(now), payment.reversal, told,
      outcome.pairs);
  database.mark(movement_of(payment));
  if (payment.counterparty.account) {
    database.mark(payments_from(payment.counterparty.account->str()));
  }
  insert_candidates(ledger, box, id, outcome.candidates);
  return id;
}

std::int64_t insert_payment(Ledger& ledger, BoxKey box, std::int64_t message,
                            const Payment& payment, const PaymentOutcome& outcome, Timestamp now) {
  const std::int64_t id =
      insert_payment_row(ledger, box, payment, outcome, told_by_notice_only, now);
  ledger.database().insert_later(
      "INSERT INTO payment_source (payment_id, message_id, position, count, format, policy, role) "
      "VALUES (:payment, :message, :position, :count, :format, :policy, 'notice')",
      id, message, payment.source.index, payment.source.count, payment.source.format,
      payment.source.policy);
  return id;
}

void update_outcome(Ledger& ledger, BoxKey box, std::int64_t payment,
                    const PaymentOutcome& outcome) {
  Database& database = ledger.database();
  database.run(
      "UPDATE payment SET status = :status, rule = :rule, unallocated = :rest, why = :why, "
      "tried_revision = CASE WHEN :deferred = 1 THEN -1 ELSE (SELECT revision FROM company WHERE "
      "id = :company) END WHERE id = :id",
      name_of(outcome.status), name_or_null(outcome.rule), outcome.unallocated.minor(), outcome.why,
      outcome.deferred, box.company, payment);
  database.run("DELETE FROM candidate WHERE payment_id = :id", payment);
  insert_candidates(ledger, box, payment, outcome.candidates);
}

void mark_tried(Ledger& ledger, BoxKey box, std::int64_t payment) {
  ledger.database().run(
      "UPDATE payment SET tried_revision = (SELECT revision FROM company WHERE id = :company) "
      "WHERE id = :id",
      box.company, payment);
}

void complete_payment(Ledger& ledger, std::int64_t payment, const Payment& other) {
  const std::optional<std::int64_t> balance =
      other.balance ? std::optional(other.balance->minor()) : std::nullopt;
  if (other.counterparty.account) {
    ledger.database().mark(payments_from(other.counterparty.account->str()));
  }
  ledger.database().run(
      "UPDATE payment SET variable_symbol = COALESCE(variable_symbol, :a), "
      "constant_symbol = COALESCE(constant_symbol, :b), "
      "specific_symbol = COALESCE(specific_symbol, :c), "
      "counter_account = COALESCE(counter_account, :d), counter_name = COALESCE(counter_name, :e), "
      "message = COALESCE(message, :f), bank_reference = COALESCE(bank_reference, :g), "
      "balance = COALESCE(balance, :h) WHERE id = :id",
      text_of(other.variable_symbol), text_of(other.constant_symbol),
      text_of(other.specific_symbol), text_of(other.counterparty.account), other.counterparty.name,
      other.message, other.bank_reference, balance, payment);
}

Document allocate(Ledger& ledger, std::int64_t payment, std::int64_t pairing, int position,
                  const DocumentRow& document, Amount part, Amount tolerance) {
  Document after = document.document;
  if (part > after.outstanding || !part.is_payable()) {
    throw Error(ExitCode::software, after.number + " owes " + after.outstanding.decimal() +
                                        ", so " + part.decimal() + " cannot be settled");
  }
  after.paid += part;
  after.outstanding -= part;
  Amount forgiven;
  if (after.outstanding <= tolerance) {
    forgiven = after.outstanding;
    after.outstanding = Amount();
  }
  after.status =
      after.outstanding.is_zero() ? DocumentStatus::paid : DocumentStatus::partially_paid;
  // It is an Error when the document was changed while it was being settled.
  ledger.database().change_later(
      fmt::format("document {}", document.id),
      "UPDATE document SET paid = paid + :part, outstanding = :rest, written_off = written_off + "
      ":forgiven, status = :status WHERE id = :id AND outstanding = :before",
      "UPDATE document SET paid = document.paid + part.column1, outstanding = part.column2, "
      "written_off = document.written_off + part.column3, status = part.column4 FROM (VALUES "
      "(CAST(:part AS BIGINT), CAST(:rest AS BIGINT), CAST(:forgiven AS BIGINT), CAST(:status AS "
      "TEXT), CAST(:id AS BIGINT), CAST(:before AS BIGINT))) AS part WHERE document.id = "
      "part.column5 AND document.outstanding = part.column6",
      part.minor(), after.outstanding.minor(), forgiven.minor(), name_of(after.status), document.id,
      document.document.outstanding.minor());
  ledger.database().insert_later(
      "INSERT INTO allocation (payment_id, position, document_id, amount, pairing) VALUES "
      "(:payment, :position, :document, :amount, :pairing)",
      payment, position, document.id, part.minor(), pairing);
  return after;
}

std::int64_t count_pairing(Ledger& ledger, std::int64_t payment) {
  Database& database = ledger.database();
  database.run("UPDATE payment SET pairing = pairing + 1 WHERE id = :id", payment);
  return std::get<0>(
      database.row<std::int64_t>("SELECT pairing FROM payment WHERE id = :id", payment).value());
}

std::vector<PaymentRow> similar_payments(Ledger& ledger, BoxKey box, const Payment& payment,
                                         int days) {
  Database& database = ledger.database();
  const std::string movement = movement_of(payment);
  if (days <= most_days_apart && database.is_absent(movement)) return {};
  return database.apart_from(movement,
                             [&] { return select_similar(database, box, payment, days); });
}

std::vector<PaymentRow> equal_on_other_days(Ledger& ledger, BoxKey box, const Payment& payment,
                                            int days) {
  Database& database = ledger.database();
  const std::string movement = movement_of(payment);
  if (!payment.balance || (days <= most_days_apart && database.is_absent(movement))) return {};
  return database.apart_from(movement, [&] {
    return select_payments(
        database,
        "WHERE " + of_one_movement +
            " AND payment.booked_on <> :day AND payment.balance = :balance AND payment.status <> "
            "'duplicate' AND payment.status <> 'superseded'",
        box.company, text_of(payment.own_account).value_or(""), payment.amount.minor(),
        name_of(payment.direction), day_apart(payment.booked_on, -days),
        day_apart(payment.booked_on, days), payment.currency.code(), payment.booked_on.iso(),
        payment.balance->minor());
  });
}

std::vector<std::string> formats_of_notices(Ledger& ledger, std::int64_t payment) {
  std::vector<std::string> formats;
  for (const auto& [format] : ledger.database().rows<std::string>(
           "SELECT format FROM payment_source WHERE payment_id = :id AND role = 'notice' UNION ALL "
           "SELECT source.format FROM payment JOIN payment_source source ON source.payment_id = "
           "payment.id WHERE payment.duplicate_of = :same_id",
           payment, payment)) {
    formats.push_back(format);
  }
  return formats;
}

bool has_other_boxes(Ledger& ledger, BoxKey box) {
  return ledger.database()
      .row<std::int64_t>("SELECT id FROM box WHERE company_id = :company AND id <> :box LIMIT 1",
                         box.company, box.box)
      .has_value();
}

ToldPayments told_in_other_boxes(Ledger& ledger, BoxKey box,
                                 const std::vector<std::int64_t>& messages) {
  std::vector<std::string> numbers;
  for (const std::int64_t message : messages) numbers.push_back(std::to_string(message));
  ToldPayments told;
  // An index each, which an OR would not take. Equal bytes have an equal Message-ID and body, too.
  for (const std::string_view same :
       {"mine.message_id <> '' AND other.message_id = mine.message_id AND other.body_digest = "
        "mine.body_digest",
        "mine.message_id = '' AND other.sha256 = mine.sha256"}) {
    const auto rows = ledger.database().rows_among<std::int64_t, std::int64_t, std::int64_t>(
        fmt::format("SELECT mine.id, source.position, COALESCE(payment.duplicate_of, "
                    "payment.id) FROM message mine JOIN box ON box.company_id = :company AND "
                    "box.id <> mine.box_id JOIN message other ON other.box_id = box.id AND {} "
                    "JOIN payment_source source ON source.message_id = other.id JOIN payment "
                    "ON payment.id = source.payment_id WHERE mine.id IN {{list}}",
                    same),
        {numbers}, box.company);
    for (const auto& [message, position, payment] : rows) {
      const auto known = told[message].emplace(static_cast<int>(position), payment).first;
      known->second = std::min(known->second, payment);
    }
  }
  return told;
}

std::vector<PaymentRow> waiting_payments(Ledger& ledger, BoxKey box, PaymentStatus status,
                                         std::int64_t revision, int limit) {
  Database& database = ledger.database();
  return with_candidates(
      database, select_payments(database,
                                "WHERE payment.company_id = :company AND payment.status = :status "
                                "AND payment.tried_revision < :revision "
                                "ORDER BY payment.tried_revision, payment.id LIMIT :most",
                                box.company, name_of(status), revision, limit));
}

}  // namespace paymentctl
