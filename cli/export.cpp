#include "export.hpp"

#include <fmt/format.h>

#include "ledger/documents.hpp"
#include "ledger/payments.hpp"
#include "model/names.hpp"
#include "run/box_ledger.hpp"
#include "run/listing.hpp"

namespace paymentctl::cli {
namespace {

struct DocumentsWanted {
  std::vector<std::string> statuses;
  std::string kind;
  bool allocations = false;
};

struct PaymentsWanted {
  std::vector<std::string> statuses;
  std::string from;
  std::string to;
  bool allocations = false;
};

/// The columns that `documents import` knows, in its order.
const std::vector<Column> import_columns = {
    {"Kind", "/kind"},
    {"Number", "/number"},
    {"Partner id", "/partner_id"},
    {"Partner", "/partner_name"},
    {"Account", "/partner_account"},
    {"VS", "/variable_symbol"},
    {"Currency", "/currency"},
    {"Amount", "/amount", true},
    {"Issued", "/issued_on"},
    {"Due", "/due_on"},
};

std::vector<Column> payment_columns() {
  const auto documents = [](const Json& payment) {
    std::string text;
    for (const Json& allocation : payment.at("allocations")) {
      text += fmt::format("{}{} {}={}", text.empty() ? "" : ", ",
                          allocation.at("document").at("kind").get<std::string>(),
                          allocation.at("document").at("number").get<std::string>(),
                          allocation.at("amount").get<std::string>());
    }
    return text;
  };
  return {{"Payment", "/payment_id", true},
          {"Booked", "/booked_on"},
          {"Time", "/booked_time"},
          {"Direction", "/direction"},
          {"Amount", "/amount", true},
          {"Currency", "/currency"},
          {"Kind", "/kind"},
          {"VS", "/variable_symbol"},
          {"KS", "/constant_symbol"},
          {"SS", "/specific_symbol"},
          {"Own account", "/own_account"},
          {"Account", "/counterparty/account"},
          {"Name", "/counterparty/name"},
          {"Message", "/message"},
          {"Bank", "/bank"},
          {"Reference", "/bank_reference"},
          {"Status", "/status"},
          {"Rule", "/rule"},
          {"Unallocated", "/unallocated", true},
          {"Documents", "/documents", false, documents},
          {"Why", "/why"}};
}

const std::vector<Column> allocation_columns = {
    {"Booked", "/booked_on"},
    {"Direction", "/direction"},
    {"Amount", "/amount", true},
    {"Currency", "/currency"},
    {"Kind", "/document/kind"},
    {"Number", "/document/number"},
    {"Partner id", "/document/partner_id"},
    {"Partner", "/document/partner_name"},
    {"Document amount", "/document/amount", true},
    {"Status", "/document/status"},
    {"Payment", "/payment_id", true},
    {"VS", "/variable_symbol"},
    {"Own account", "/own_account"},
    {"Account", "/counterparty/account"},
    {"Reference", "/bank_reference"},
    {"Rule", "/rule"},
};

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}
Json account_or_null(const std::optional<AccountNumber>& account) {
  return account ? Json(account->str()) : Json(nullptr);
}
Json day_or_null(const std::optional<Date>& day) { return day ? Json(day->iso()) : Json(nullptr); }

/// A document under the names of `documents import`.
Json importable(const Document& document) {
  return {{"kind", name_of(document.kind)},
          {"number", document.number},
          {"partner_id", or_null(document.partner.id)},
          {"partner_name", or_null(document.partner.name)},
          {"partner_account", account_or_null(document.partner.account)},
          {"variable_symbol", or_null(document.variable_symbol)},
          {"currency", document.currency.code()},
          {"amount", document.amount.decimal()},
          {"issued_on", day_or_null(document.issued_on)},
          {"due_on", day_or_null(document.due_on)}};
}

/// One allocation for the books: which document, how much, when, by which payment.
Json allocation_line(const PaymentRow& row, const Document& document, Amount amount) {
  const Payment& payment = row.payment;
  Json booked = importable(document);
  booked["status"] = name_of(document.status);
  return {{"booked_on", payment.booked_on.iso()},
          {"direction", name_of(payment.direction)},
          {"amount", amount.decimal()},
          {"currency", payment.currency.code()},
          {"document", std::move(booked)},
          {"payment_id", row.id},
          {"variable_symbol",
           payment.variable_symbol ? Json(payment.variable_symbol->str()) : Json(nullptr)},
          {"own_account", account_or_null(payment.own_account)},
          {"counterparty",
           {{"account", account_or_null(payment.counterparty.account)},
            {"name", or_null(payment.counterparty.name)}}},
          {"bank_reference", or_null(payment.bank_reference)},
          {"rule", row.rule ? Json(name_of(*row.rule)) : Json(nullptr)}};
}

ExitCode export_documents(Session& session, const DocumentsWanted& wanted) {
  BoxLedger opened = open_ledger(session.box(), LedgerAccess::read_only);
  DocumentFilter filter;
  for (const std::string& status : wanted.statuses) {
    filter.statuses.push_back(value_of<DocumentStatus>(status).value());
  }
  // A cancelled document would be open again wherever the file is imported.
  if (filter.statuses.empty() && !wanted.allocations) {
    filter.statuses = {DocumentStatus::open, DocumentStatus::partially_paid, DocumentStatus::paid};
  }
  if (!wanted.kind.empty()) filter.kind = value_of<DocumentKind>(wanted.kind);
  Printer printer(session.out, session.options.format.value_or(Format::csv),
                  wanted.allocations ? allocation_columns : import_columns);
  each_document(opened.ledger, opened.key, filter, [&](const DocumentRow& row) {
    if (!wanted.allocations) {
      printer.row(importable(row.document));
      return;
    }
    for (const auto& [payment, amount] : payments_of_document(opened.ledger, row.id)) {
      const auto found = find_payment(opened.ledger, opened.key, payment);
      if (found) printer.row(allocation_line(*found, row.document, amount));
    }
  });
  printer.finish(wanted.allocations ? "no allocations" : "no documents");
  return ExitCode::ok;
}

Date day_of(const char* option, const std::string& text) {
  const auto day = Date::from_iso(text);
  if (!day) {
    throw Error(ExitCode::usage,
                fmt::format("{} \"{}\" is no day; write it as 2026-08-31", option, text));
  }
  return *day;
}

ExitCode export_payments(Session& session, const PaymentsWanted& wanted) {
  PaymentFilter filter;
  for (const std::string& status : wanted.statuses) {
    filter.statuses.push_back(payment_status(status).value());
  }
  if (!wanted.from.empty()) filter.from = day_of("--from", wanted.from);
  if (!wanted.to.empty()) filter.to = day_of("--to", wanted.to);
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
  Printer printer(session.out, session.options.format.value_or(Format::csv),
                  wanted.allocations ? allocation_columns : payment_columns());
  each_payment(opened.ledger, opened.key, filter, [&](const PaymentRow& row) {
    if (!wanted.allocations) {
      printer.row(listed(row, box.archive_dir));
      return;
    }
    for (const PostedAllocation& posted : row.allocations) {
      const auto document = find_document(opened.ledger, opened.key, posted.allocation.document);
      if (document) {
        printer.row(allocation_line(row, document->document, posted.allocation.amount));
      }
    }
  });
  printer.finish(wanted.allocations ? "no allocations" : "no payments");
  return ExitCode::ok;
}

void add_export_options(CommandLine& line, CLI::App& command, bool& allocations) {
  command.add_flag("--allocations", allocations,
                   "For accounting: one line an allocation, with document, amount and day");
  line.add_config(command);
  line.add_format(command);
  command.get_option("--format")->description("table, json, ndjson or csv [csv]");
}

}  // namespace

void add_documents_export(CommandLine& line, CLI::App& documents) {
  auto wanted = kept<DocumentsWanted>();
  CLI::App& command =
      line.add(documents,
               {"export", "Writes documents as `documents import` takes them, or their allocations",
                "paymentctl documents export -c box.xml > documents.csv\n  "
                "paymentctl documents export --allocations --kind issued_invoice > paid.csv"},
               [wanted](Session& session) { return export_documents(session, *wanted); });
  command
      .add_option("--status", wanted->statuses,
                  "Only these: open, partially_paid, paid, cancelled [all but cancelled]")
      ->delimiter(',')
      ->check(CLI::IsMember({"open", "partially_paid", "paid", "cancelled"}));
  command.add_option("--kind", wanted->kind, "Only this kind, such as issued_invoice")
      ->check(CLI::IsMember(
          {"issued_invoice", "received_invoice", "other_receivable", "other_payable"}));
  add_export_options(line, command, wanted->allocations);
}

void add_payments_export(CommandLine& line, CLI::App& payments) {
  auto wanted = kept<PaymentsWanted>();
  CLI::App& command =
      line.add(payments,
               {"export", "Writes payments with all that is known of them, or their allocations",
                "paymentctl payments export --from 2026-08-01 --to 2026-08-31 > payments.csv\n  "
                "paymentctl payments export --allocations --from 2026-08-01 > allocations.csv"},
               [wanted](Session& session) { return export_payments(session, *wanted); });
  command.add_option("--status", wanted->statuses, "Only these, as in `payments list`")
      ->delimiter(',')
      ->check(CLI::IsMember({"paid", "partially_paid", "overpaid", "ambiguous", "unmatched",
                             "ignored", "duplicate", "superseded"}));
  command.add_option("--from", wanted->from, "Booked on this day or later")->type_name("DAY");
  command.add_option("--to", wanted->to, "Booked on this day or before")->type_name("DAY");
  add_export_options(line, command, wanted->allocations);
}

}  // namespace paymentctl::cli
