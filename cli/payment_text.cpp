#include "payment_text.hpp"

#include <fmt/format.h>

#include "ledger/documents.hpp"
#include "ledger/payments.hpp"
#include "ledger/status.hpp"
#include "model/bank_codes.hpp"
#include "model/visible.hpp"
#include "run/listing.hpp"
#include "run/statement_import.hpp"

namespace paymentctl::cli {
namespace {

/// Null for no account, an IBAN or a code that is not in the list.
Json bank_name(const std::optional<AccountNumber>& account) {
  if (!account || account->is_iban()) return nullptr;
  const auto bank = bank_of_code(account->bank_code());
  return bank ? Json(bank->name) : Json(nullptr);
}

std::string at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!json.contains(place) || json.at(place).is_null()) return "";
  const Json& value = json.at(place);
  return visible(value.is_string() ? value.get<std::string>() : to_line(value));
}

std::string document_line(const Json& document, const std::string& amount) {
  const std::string partner = at(document, "/partner/name");
  const std::string due = at(document, "/due_on");
  return fmt::format("{} {}{}{}{}", at(document, "/kind"), at(document, "/number"),
                     partner.empty() ? "" : ", " + partner, amount,
                     due.empty() ? "" : ", due " + due);
}

}  // namespace

std::string payment_text(const Json& payment) {
  const std::string currency = at(payment, "/currency");
  std::string text =
      fmt::format("payment {}: {}{} {} on {}, {}\n", at(payment, "/payment_id"),
                  at(payment, "/direction") == "outgoing" ? "-" : "", at(payment, "/amount"),
                  currency, at(payment, "/booked_on"), at(payment, "/status"));
  const auto line = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<13} {}\n", name, value);
  };
  const std::string account = at(payment, "/counterparty/account");
  const std::string name = at(payment, "/counterparty/name");
  line(at(payment, "/direction") == "outgoing" ? "to" : "from",
       account + (account.empty() || name.empty() ? "" : ", ") + name);
  line("VS", at(payment, "/variable_symbol"));
  line("SS", at(payment, "/specific_symbol"));
  line("KS", at(payment, "/constant_symbol"));
  line("message", at(payment, "/message"));
  line("own account", at(payment, "/own_account"));
  line("why", at(payment, "/why"));
  line("rule", at(payment, "/rule"));
  line("duplicate of", at(payment, "/duplicate_of"));
  if (at(payment, "/source/path") != at(payment, "/statements/0/file")) {
    line("mail", at(payment, "/source/path"));
  }
  for (const Json& told : payment.at("statements")) {
    line("statement", fmt::format("{}{}{}, line {}", at(told, "/number"),
                                  at(told, "/number").empty() ? "" : ", ", at(told, "/file"),
                                  at(told, "/line")));
  }
  for (const Json& allocation : payment.at("allocations")) {
    line("settles", document_line(allocation.at("document"),
                                  fmt::format(": {} {}, {}", at(allocation, "/amount"), currency,
                                              at(allocation, "/document_status"))));
  }
  if (at(payment, "/unallocated") != "0.00") {
    line("unallocated", at(payment, "/unallocated") + " " + currency);
  }
  for (const Json& candidate : payment.at("candidates")) {
    line("candidate",
         document_line(candidate,
                       fmt::format(": owes {} of {} {}", at(candidate, "/outstanding"),
                                   at(candidate, "/amount"), at(candidate, "/currency"))));
  }
  for (const Json& entry : payment.at("journal")) {
    const std::string why = at(entry, "/why");
    line("journal", fmt::format("{} {}: {}{}", at(entry, "/at"), at(entry, "/who"),
                                at(entry, "/what"), why.empty() ? "" : " (" + why + ")"));
  }
  return text;
}

Json payment_object(Ledger& ledger, BoxKey box, const std::filesystem::path& archive,
                    const PaymentRow& row) {
  Json json = listed(row, archive);
  for (std::size_t i = 0; i < row.candidates.size(); ++i) {
    // What a person needs to decide: whose it is and what it owes.
    const auto document = find_document(ledger, box, row.candidates[i]);
    if (document) json["candidates"][i] = to_json(document->document);
  }
  json["counterparty_bank"] = bank_name(row.payment.counterparty.account);
  json["statements"] = listed(tellings_of(ledger, box, row.id));
  json["journal"] = listed(journal_of(ledger, box, fmt::format("payment:{}", row.id)));
  return json;
}

void print_payment(Session& session, Ledger& ledger, BoxKey box,
                   const std::filesystem::path& archive, std::int64_t id) {
  const auto row = find_payment(ledger, box, id);
  if (!row) {
    throw Error(ExitCode::data,
                fmt::format("there is no payment {}; see: paymentctl payments list", id));
  }
  const Json json = payment_object(ledger, box, archive, *row);
  if (session.format() == Format::table) {
    session.out.write(payment_text(json));
    session.out.flush();
  } else {
    print_object(session.out, session.format(), json);
  }
}

}  // namespace paymentctl::cli
