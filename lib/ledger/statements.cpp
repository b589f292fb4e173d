#include "ledger/statements.hpp"

#include <algorithm>
#include <array>

#include "ledger/document_row.hpp"
#include "ledger/payment_row.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

constexpr int most_similar = 200;

constexpr std::array<std::string_view, 3> role_names = {"statement", "confirmation", "repetition"};

StatementRole role_of(const std::string& name) {
  for (std::size_t i = 0; i < role_names.size(); ++i) {
    if (role_names[i] == name) return static_cast<StatementRole>(i);
  }
  return StatementRole::created;
}

const std::string statement_columns =
    "SELECT statement.id, statement.path, statement.sha256, statement.position, statement.format, "
    "statement.own_account, statement.currency, statement.number, statement.from_day, "
    "statement.to_day, statement.opening, statement.closing, statement.movements FROM statement ";

template <typename... In>
std::vector<StatementRow> select_statements(Database& database, const std::string& rest,
                                            const In&... values) {
  using Text = std::string;
  using Number = std::int64_t;
  std::vector<StatementRow> found;
  for (const auto& [id, path, sha256, position, format, account, currency, number, from, to,
                    opening, closing, movements] :
       database.rows<Number, Text, Text, int, Text, Text, Text, Text, Text, Text, Number, Number,
                     Number>(statement_columns + rest, values...)) {
    StatementRow row;
    row.id = id;
    row.path = path;
    row.sha256 = sha256;
    row.position = position;
    row.format = format;
    row.own_account = stored(AccountNumber::parse(account), "an account", account);
    row.currency = stored(Currency::from_code(currency), "a currency", currency);
    row.number = number;
    row.from = stored(Date::from_iso(from), "a day", from);
    row.to = stored(Date::from_iso(to), "a day", to);
    row.opening = Amount::from_minor(opening);
    row.closing = Amount::from_minor(closing);
    row.movements = movements;
    found.push_back(std::move(row));
  }
  return found;
}

/// By symbol where the index can be asked for it; without one, whatever symbol they have.
template <typename... In>
std::vector<PaymentRow> similar(Database& database, const std::string& condition,
                                const Payment& payment, const In&... values) {
  const std::string end = " ORDER BY payment.id LIMIT :most";
  if (!payment.variable_symbol || payment.kind == PaymentKind::card) {
    return select_payments(database, condition + end, values..., most_similar);
  }
  std::vector<PaymentRow> found =
      select_payments(database, condition + " AND payment.variable_symbol = :symbol" + end,
                      values..., payment.variable_symbol->str(), most_similar);
  for (PaymentRow& row :
       select_payments(database, condition + " AND payment.variable_symbol IS NULL" + end,
                       values..., most_similar)) {
    found.push_back(std::move(row));
  }
  return found;
}

/// The accounts whose statements can tell a notice's payment.
std::vector<std::string> possible_accounts(Database& database, BoxKey box, const Payment& payment) {
  if (payment.own_account) return {payment.own_account->str()};
  std::vector<std::string> accounts;
  for (const auto& [account] : database.rows<std::string>(
           "SELECT DISTINCT own_account FROM statement WHERE company_id = :company AND own_account "
           "LIKE :bank",
           box.company, "%/" + payment.bank)) {
    accounts.push_back(account);
  }
  return accounts;
}

}  // namespace

std::string_view name_of(StatementRole role) {
  return role_names.at(static_cast<std::size_t>(role));
}

std::vector<StatementRow> statements_of_file(Ledger& ledger, BoxKey box,
                                             const std::string& sha256) {
  return select_statements(ledger.database(),
                           "WHERE company_id = :company AND sha256 = :digest ORDER BY position",
                           box.company, sha256);
}

std::int64_t insert_statement(Ledger& ledger, BoxKey box, const StatementRow& row, Timestamp now) {
  return ledger.database().insert(
      "INSERT INTO statement (company_id, box_id, path, sha256, position, format, own_account, "
      "currency, number, from_day, to_day, opening, closing, movements, imported_at) VALUES (:a, "
      ":b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l, :m, :n, :o)",
      box.company, box.box, row.path, row.sha256, row.position, row.format, row.own_account->str(),
      row.currency.code(), row.number, row.from.iso(), row.to.iso(), row.opening.minor(),
      row.closing.minor(), row.movements, to_seconds(now));
}

std::optional<StatementRow> statement_before(Ledger& ledger, BoxKey box, const StatementRow& row) {
  auto rows = select_statements(
      ledger.database(),
      "WHERE company_id = :company AND own_account = :own AND currency = :currency AND from_day <= "
      ":from AND id <> :self ORDER BY to_day DESC, id DESC LIMIT 1",
      box.company, row.own_account->str(), row.currency.code(), row.from.iso(), row.id);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<std::int64_t> statements_that_precede(Ledger& ledger, BoxKey box,
                                                  const StatementRow& row) {
  std::vector<std::int64_t> ids;
  for (const auto& [id] : ledger.database().rows<std::int64_t>(
           "SELECT id FROM statement WHERE company_id = :company AND own_account = :own AND to_day "
           "= :from AND currency = :currency AND closing = :opening AND number <> :number AND id "
           "<> :self",
           box.company, row.own_account->str(), row.from.iso(), row.currency.code(),
           row.opening.minor(), row.number, row.id)) {
    ids.push_back(id);
  }
  return ids;
}

bool overlaps_another_format(Ledger& ledger, BoxKey box, const StatementRow& row) {
  return ledger.database()
      .row<std::int64_t>(
          "SELECT id FROM statement WHERE company_id = :company AND own_account = :own AND "
          "currency = :currency AND format <> :format AND from_day <= :to AND to_day >= :from "
          "LIMIT 1",
          box.company, row.own_account->str(), row.currency.code(), row.format, row.to.iso(),
          row.from.iso())
      .has_value();
}

bool has_other_statements(Ledger& ledger, BoxKey box, const StatementRow& row) {
  return ledger.database()
      .row<std::int64_t>(
          "SELECT id FROM statement WHERE company_id = :company AND own_account = "
          ":own AND id <> :self LIMIT 1",
          box.company, row.own_account->str(), row.id)
      .has_value();
}

bool has_unconfirmed(Ledger& ledger, BoxKey box, const StatementRow& row) {
  return ledger.database()
      .row<std::int64_t>(
          "SELECT id FROM payment WHERE company_id = :company AND own_account IN "
          "(:own, '') AND told = :told LIMIT 1",
          box.company, row.own_account->str(), told_by_notice_only)
      .has_value();
}

bool has_statements(Ledger& ledger, BoxKey box) {
  return ledger.database()
      .row<std::int64_t>("SELECT id FROM statement WHERE company_id = :company LIMIT 1",
                         box.company)
      .has_value();
}

std::optional<KnownMovement> find_movement(Ledger& ledger, const std::string& identity) {
  const auto row = ledger.database().row<std::int64_t, std::int64_t>(
      "SELECT payment_id, statement_id FROM payment_source WHERE identity = :identity", identity);
  if (!row) return std::nullopt;
  return KnownMovement{std::get<0>(*row), std::get<1>(*row)};
}

std::int64_t insert_statement_payment(Ledger& ledger, BoxKey box, const StatementLine& line,
                                      const Payment& payment, const PaymentOutcome& outcome,
                                      Timestamp now) {
  const std::int64_t id =
      insert_payment_row(ledger, box, payment, outcome, told_by_statement_only, now);
  add_statement_source(ledger, id, line, payment.source.format, StatementRole::created);
  return id;
}

void add_statement_source(Ledger& ledger, std::int64_t payment, const StatementLine& line,
                          const std::string& format, StatementRole role) {
  const std::optional<std::string> identity =
      line.identity.empty() ? std::nullopt : std::optional(line.identity);
  ledger.database().run(
      "INSERT INTO payment_source (payment_id, statement_id, line, file_line, identity, count, "
      "format, policy, role) VALUES (:payment, :statement, :line, :file_line, :identity, 1, "
      ":format, '', :role)",
      payment, line.statement, line.movement, line.file_line, identity, format, name_of(role));
}

void take_over_values(Ledger& ledger, std::int64_t payment, const Payment& statement) {
  const std::optional<std::int64_t> balance =
      statement.balance ? std::optional(statement.balance->minor()) : std::nullopt;
  const auto text = [](const auto& value) {
    return value ? std::optional<std::string>(value->str()) : std::nullopt;
  };
  ledger.database().run(
      "UPDATE payment SET booked_on = :day, own_account = :own, bank = :bank, "
      "variable_symbol = COALESCE(:a, variable_symbol), "
      "constant_symbol = COALESCE(:b, constant_symbol), "
      "specific_symbol = COALESCE(:c, specific_symbol), "
      "counter_account = COALESCE(:d, counter_account), counter_name = COALESCE(:e, counter_name), "
      "message = COALESCE(:f, message), bank_reference = COALESCE(:g, bank_reference), "
      "balance = COALESCE(:h, balance), reversal = :reversal, "
      "told = CASE WHEN told = 2 THEN 2 ELSE 3 END WHERE id = :id",
      statement.booked_on.iso(), text(statement.own_account).value_or(""), statement.bank,
      text(statement.variable_symbol), text(statement.constant_symbol),
      text(statement.specific_symbol), text(statement.counterparty.account),
      statement.counterparty.name, statement.message, statement.bank_reference, balance,
      statement.reversal, payment);
}

void mark_told_by_notice(Ledger& ledger, std::int64_t payment) {
  ledger.database().run("UPDATE payment SET told = :both WHERE id = :id AND told = :statement",
                        told_by_both, payment, told_by_statement_only);
}

std::vector<PaymentRow> unconfirmed_payments(Ledger& ledger, BoxKey box, const StatementRow& row,
                                             const Payment& payment, int days) {
  return similar(
      ledger.database(),
      "WHERE payment.company_id = :company AND payment.own_account IN (:own, '') AND "
      "(payment.own_account <> '' OR payment.bank = :bank) AND payment.told = :told AND "
      "payment.amount = :amount AND payment.direction = :direction AND payment.booked_on >= :first "
      "AND payment.booked_on <= :last AND payment.currency = :currency AND payment.status <> "
      "'duplicate' AND payment.status <> 'superseded'",
      payment, box.company, row.own_account->str(), payment.bank, told_by_notice_only,
      payment.amount.minor(), name_of(payment.direction),
      std::max(day_apart(payment.booked_on, -days), row.from.iso()),
      std::min(day_apart(payment.booked_on, days), row.to.iso()), payment.currency.code());
}

std::vector<PaymentRow> payments_in_other_formats(Ledger& ledger, BoxKey box,
                                                  const StatementRow& row, const Payment& payment,
                                                  int days) {
  return similar(
      ledger.database(),
      "WHERE payment.company_id = :company AND payment.own_account = :own AND payment.told IN (2, "
      "3) AND payment.amount = :amount AND payment.direction = :direction AND payment.booked_on >= "
      ":first AND payment.booked_on <= :last AND payment.currency = :currency AND NOT EXISTS "
      "(SELECT 1 FROM payment_source telling WHERE telling.payment_id = payment.id AND "
      "telling.statement_id IS NOT NULL AND telling.format = :format) AND EXISTS (SELECT 1 FROM "
      "payment_source telling JOIN statement told ON told.id = telling.statement_id WHERE "
      "telling.payment_id = payment.id AND told.from_day <= :day AND told.to_day >= :same_day)",
      payment, box.company, row.own_account->str(), payment.amount.minor(),
      name_of(payment.direction), std::max(day_apart(payment.booked_on, -days), row.from.iso()),
      std::min(day_apart(payment.booked_on, days), row.to.iso()), payment.currency.code(),
      row.format, payment.booked_on.iso(), payment.booked_on.iso());
}

std::vector<PaymentRow> payments_of_statements(Ledger& ledger, BoxKey box, const Payment& payment,
                                               int days) {
  Database& database = ledger.database();
  std::vector<PaymentRow> found;
  for (const std::string& account : possible_accounts(database, box, payment)) {
    for (PaymentRow& row : similar(
             database,
             "WHERE payment.company_id = :company AND payment.own_account = :own AND payment.told "
             "IN (2, 3) AND payment.amount = :amount AND payment.direction = :direction AND "
             "payment.booked_on >= :first AND payment.booked_on <= :last AND payment.currency = "
             ":currency AND EXISTS (SELECT 1 FROM payment_source telling JOIN statement told ON "
             "told.id = telling.statement_id WHERE telling.payment_id = payment.id AND "
             "told.from_day <= :day AND told.to_day >= :same_day)",
             payment, box.company, account, payment.amount.minor(), name_of(payment.direction),
             day_apart(payment.booked_on, -days), day_apart(payment.booked_on, days),
             payment.currency.code(), payment.booked_on.iso(), payment.booked_on.iso())) {
      found.push_back(std::move(row));
    }
  }
  return found;
}

std::vector<std::int64_t> told_by_notices_alone(Ledger& ledger, BoxKey box, const StatementRow& row,
                                                int limit) {
  std::vector<std::int64_t> ids;
  for (const auto& [id] : ledger.database().rows<std::int64_t>(
           "SELECT id FROM payment WHERE company_id = :company AND own_account = :own AND told = "
           ":told AND booked_on >= :from AND booked_on <= :to AND currency = :currency AND status "
           "<> 'duplicate' AND status <> 'superseded' ORDER BY id LIMIT :most",
           box.company, row.own_account->str(), told_by_notice_only, row.from.iso(), row.to.iso(),
           row.currency.code(), limit)) {
    ids.push_back(id);
  }
  return ids;
}

std::vector<StatementTelling> tellings_of(Ledger& ledger, BoxKey box, std::int64_t payment) {
  Database& database = ledger.database();
  std::vector<StatementTelling> found;
  for (const auto& [statement, role, movement, file_line] :
       database.rows<std::int64_t, std::string, std::int64_t, int>(
           "SELECT statement_id, role, line, file_line FROM payment_source WHERE payment_id = "
           ":payment AND statement_id IS NOT NULL ORDER BY id",
           payment)) {
    auto rows = select_statements(database, "WHERE id = :id AND company_id = :company", statement,
                                  box.company);
    if (rows.empty()) continue;
    found.push_back({std::move(rows.front()), role_of(role), movement, file_line});
  }
  return found;
}

std::vector<ToldPayment> payments_told_by(Ledger& ledger, std::int64_t statement,
                                          std::int64_t after, int limit) {
  std::vector<ToldPayment> found;
  for (const auto& [role, movement, file_line, payment] :
       ledger.database().rows<std::string, std::int64_t, int, std::int64_t>(
           "SELECT role, line, file_line, payment_id FROM payment_source WHERE statement_id = "
           ":statement AND line > :after ORDER BY line LIMIT :most",
           statement, after, limit)) {
    found.push_back({role_of(role), movement, file_line, payment});
  }
  return found;
}

}  // namespace paymentctl
