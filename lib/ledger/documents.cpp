#include "ledger/documents.hpp"

#include <array>

#include <fmt/format.h>

#include "ledger/document_row.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

constexpr std::array all_kinds = {DocumentKind::issued_invoice, DocumentKind::received_invoice,
                                  DocumentKind::other_receivable, DocumentKind::other_payable};

/// From here on an import is a large one.
constexpr int many_documents = 20'000;

std::optional<std::string> account_text(const std::optional<AccountNumber>& account) {
  return account ? std::optional(account->str()) : std::nullopt;
}
std::optional<std::string> day_text(const std::optional<Date>& day) {
  return day ? std::optional(day->iso()) : std::nullopt;
}

std::string name_for_person(const Document& document) {
  return fmt::format("{} {}", name_of(document.kind), document.number);
}

bool same_content(const Document& a, const Document& b) {
  return a.partner.id == b.partner.id && a.partner.name == b.partner.name &&
         a.partner.account == b.partner.account && a.variable_symbol == b.variable_symbol &&
         a.currency == b.currency && a.amount == b.amount && a.issued_on == b.issued_on &&
         a.due_on == b.due_on;
}

DocumentStatus status_for(Amount paid, Amount outstanding) {
  if (outstanding.is_zero()) return DocumentStatus::paid;
  return paid.is_zero() ? DocumentStatus::open : DocumentStatus::partially_paid;
}

}  // namespace

std::string plain_digits(std::string_view text) {
  std::string digits;
  for (const char character : text) {
    if (character < '0' || character > '9') continue;
    if (digits.empty() && character == '0') continue;
    digits.push_back(character);
  }
  return digits.size() > 20 ? std::string() : digits;
}

void refuse_stored(std::string_view what, std::string_view value) {
  throw Error(ExitCode::data,
              fmt::format("the ledger is damaged: it holds \"{}\" as {}; restore it from a backup",
                          value, what));
}

DocumentRow document_from(const DocumentColumns& columns) {
  DocumentRow row;
  Document& document = row.document;
  std::string kind;
  std::optional<std::string> account;
  std::string currency;
  std::int64_t amount = 0;
  std::int64_t paid = 0;
  std::int64_t outstanding = 0;
  std::optional<std::string> issued;
  std::optional<std::string> due;
  std::string status;
  std::tie(row.id, kind, document.number, document.partner.id, document.partner.name, account,
           document.variable_symbol, currency, amount, paid, outstanding, issued, due, status) =
      columns;
  document.kind = stored(value_of<DocumentKind>(kind), "a kind of document", kind);
  if (account) document.partner.account = AccountNumber::parse(*account);
  document.currency = stored(Currency::from_code(currency), "a currency", currency);
  document.amount = Amount::from_minor(amount);
  document.paid = Amount::from_minor(paid);
  document.outstanding = Amount::from_minor(outstanding);
  if (issued) document.issued_on = Date::from_iso(*issued);
  if (due) document.due_on = Date::from_iso(*due);
  document.status = stored(value_of<DocumentStatus>(status), "a document's status", status);
  return row;
}

DocumentImport::DocumentImport(Ledger& ledger, BoxKey box, Timestamp now)
    : ledger_(ledger), box_(box), now_(now) {
  const auto run = ledger.database().row<std::int64_t>(
      "INSERT INTO document_import (company_id, at) VALUES (:company, :at) RETURNING id",
      box.company, to_seconds(now));
  run_ = std::get<0>(run.value());
  documents_before_ = std::get<0>(
      ledger.database().row<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM document").value());
}

/// Many new documents beside few old ones: sorting them once at the end takes a fifth of the time
/// that putting each into every index takes.
void DocumentImport::add_one() {
  ++counts_.added;
  if (!indices_.empty() || counts_.added < many_documents ||
      counts_.added < documents_before_ / 4) {
    return;
  }
  Database& database = ledger_.database();
  for (const IndexText& index : database.indices_of("document")) {
    database.execute("DROP INDEX " + index.name);
    indices_.push_back(index.create);
  }
}

const ImportCounts& DocumentImport::finish() {
  for (const std::string& create : indices_) ledger_.database().execute(create);
  indices_.clear();
  return counts_;
}

/// A document that the ledger has.
struct DocumentImport::Known {
  DocumentRow row;
  std::int64_t import_run = 0;  ///< the one that wrote it last
  Amount written_off;
};

std::optional<DocumentImport::Known> DocumentImport::find(const DocumentRef& document) {
  const auto ask = [&]<typename... Column>(const std::tuple<Column...>* /*columns*/) {
    return ledger_.database().row<std::int64_t, std::int64_t, Column...>(
        "SELECT import_run, written_off, " + document_names +
            " FROM document WHERE company_id = :company AND kind = :kind AND number = :number AND "
            "number_of = :partner",
        box_.company, name_of(document.kind), document.number, document.partner);
  };
  const auto found = ask(static_cast<const DocumentColumns*>(nullptr));
  if (!found) return std::nullopt;
  return std::apply(
      [](std::int64_t run, std::int64_t written_off, const auto&... columns) {
        return Known{document_from(DocumentColumns(columns...)), run,
                     Amount::from_minor(written_off)};
      },
      *found);
}

void DocumentImport::something_new() {
  if (counts_.added + counts_.changed > 0) return;
  ledger_.database().run("UPDATE company SET revision = revision + 1 WHERE id = :company",
                         box_.company);
}

void DocumentImport::put(const Document& document) {
  Database& database = ledger_.database();
  if (!document.amount.is_payable()) {
    throw Error(ExitCode::data, fmt::format("{}: the amount {} is not above 0",
                                            name_for_person(document), document.amount.decimal()));
  }
  const DocumentRef name = ref_of(document);
  const auto insert = [&] {
    return database.run(
        "INSERT INTO document (company_id, kind, number, number_of, side, partner_key, partner_id, "
        "partner_name, partner_account, variable_symbol, symbol_digits, number_digits, currency, "
        "amount, paid, outstanding, status, issued_on, due_on, import_run) VALUES (:a, :b, :c, :d, "
        ":e, :f, :g, :h, :i, :j, :k, :l, :m, :n, 0, :o, 'open', :p, :q, :r) "
        "ON CONFLICT (company_id, kind, number, number_of) DO NOTHING",
        box_.company, name_of(document.kind), document.number, name.partner,
        name_of(settled_by(document.kind)), document.partner.key(), document.partner.id,
        document.partner.name, account_text(document.partner.account), document.variable_symbol,
        plain_digits(document.variable_symbol.value_or("")), plain_digits(document.number),
        document.currency.code(), document.amount.minor(), document.amount.minor(),
        day_text(document.issued_on), day_text(document.due_on), run_);
  };
  std::optional<Known> old;
  if (is_known_likely_) old = find(name);
  if (!old && insert() == 0) old = find(name).value();
  is_known_likely_ = old.has_value();
  if (!old) {
    something_new();
    add_one();
    return;
  }
  if (old->import_run == run_ || unchanged_.contains(old->row.id)) {
    throw Error(ExitCode::data, fmt::format("{} stands in this import twice; leave one of the two",
                                            name_for_person(document)));
  }
  if (!same_content(old->row.document, document)) return change(*old, document);
  unchanged_.insert(old->row.id);
  ++counts_.unchanged;
}

void DocumentImport::change(const Known& old, const Document& document) {
  const Document& before = old.row.document;
  if (!before.paid.is_zero() && before.currency != document.currency) {
    throw Error(ExitCode::data,
                fmt::format("{} cannot become {}: {} {} of it is paid already; take the payments "
                            "off it first",
                            name_for_person(document), document.currency.code(),
                            before.paid.decimal(), before.currency.code()));
  }
  if (document.amount < before.paid) {
    throw Error(
        ExitCode::data,
        fmt::format("{} cannot be lowered to {}: {} of it is paid already; take the "
                    "payments off it first",
                    name_for_person(document), document.amount.decimal(), before.paid.decimal()));
  }
  const bool cancelled = before.status == DocumentStatus::cancelled;
  const Amount forgiven = document.amount == before.amount ? old.written_off : Amount();
  const Amount outstanding = cancelled ? Amount() : document.amount - before.paid - forgiven;
  const DocumentStatus status =
      cancelled ? DocumentStatus::cancelled : status_for(before.paid, outstanding);
  ledger_.database().run(
      "UPDATE document SET partner_key = :a, partner_id = :b, partner_name = :c, "
      "partner_account = :d, variable_symbol = :e, symbol_digits = :f, currency = :g, "
      "amount = :h, written_off = :i, outstanding = :j, status = :k, issued_on = :l, "
      "due_on = :m, import_run = :n WHERE id = :o",
      document.partner.key(), document.partner.id, document.partner.name,
      account_text(document.partner.account), document.variable_symbol,
      plain_digits(document.variable_symbol.value_or("")), document.currency.code(),
      document.amount.minor(), forgiven.minor(), outstanding.minor(), name_of(status),
      day_text(document.issued_on), day_text(document.due_on), run_, old.row.id);
  something_new();
  ++counts_.changed;
}

std::vector<DocumentRow> list_documents(Ledger& ledger, BoxKey box, const DocumentFilter& filter) {
  Database& database = ledger.database();
  const std::string kinds =
      filter.kind ? "AND kind IN (" + quoted_names(std::vector{*filter.kind}) + ") " : "";
  if (!filter.number.empty()) {
    // All kinds by name, and an order that no index has: so the number is looked up by its index.
    std::string condition =
        "WHERE company_id = :company AND kind IN (" + quoted_names(all_kinds) + ") " + kinds;
    if (!filter.statuses.empty()) {
      condition += "AND status IN (" + quoted_names(filter.statuses) + ") ";
    }
    return select_documents(
        database,
        condition + "AND number = :number AND id + 0 > :after ORDER BY id + 0 LIMIT :most",
        box.company, filter.number, filter.after, filter.limit);
  }
  // In the order of the table itself: no index is as good.
  std::string condition = "WHERE company_id + 0 = :company " + kinds;
  if (!filter.statuses.empty()) {
    condition += "AND status IN (" + quoted_names(filter.statuses) + ") ";
  }
  return select_documents(database, condition + "AND id > :after ORDER BY id LIMIT :most",
                          box.company, filter.after, filter.limit);
}

void each_document(Ledger& ledger, BoxKey box, DocumentFilter filter,
                   const std::function<void(const DocumentRow&)>& take) {
  for (bool more = true; more;) {
    const auto page = list_documents(ledger, box, filter);
    for (const DocumentRow& row : page) take(row);
    more = page.size() == static_cast<std::size_t>(filter.limit);
    if (more) filter.after = page.back().id;
  }
}

std::optional<DocumentRow> find_document(Ledger& ledger, BoxKey box, const DocumentRef& document) {
  auto found =
      select_documents(ledger.database(),
                       "WHERE company_id = :company AND kind = :kind AND number = :number "
                       "AND number_of = :partner",
                       box.company, name_of(document.kind), document.number, document.partner);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

}  // namespace paymentctl
