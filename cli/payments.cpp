#include "ledger/payments.hpp"

#include "commands.hpp"
#include "decisions.hpp"
#include "export.hpp"
#include "payment_text.hpp"
#include "run/box_ledger.hpp"
#include "run/listing.hpp"

namespace paymentctl::cli {
namespace {

std::string settled_documents(const Json& payment) {
  std::string numbers;
  for (const Json& allocation : payment.at("allocations")) {
    if (!numbers.empty()) numbers += ", ";
    numbers += allocation.at("document").at("number").get<std::string>();
  }
  return numbers;
}

std::string candidate_documents(const Json& payment) {
  std::string numbers;
  for (const Json& candidate : payment.at("candidates")) {
    numbers += (numbers.empty() ? "" : ", ") + candidate.at("number").get<std::string>();
  }
  return numbers;
}

std::vector<Column> listed_columns() {
  return {{"Payment", "/payment_id", true},
          {"Booked", "/booked_on"},
          {"Direction", "/direction"},
          {"Amount", "/amount", true},
          {"Currency", "/currency"},
          {"VS", "/variable_symbol"},
          {"Account", "/counterparty/account"},
          {"", "/counterparty/name"},
          {"", "/own_account"},
          {"", "/constant_symbol"},
          {"", "/specific_symbol"},
          {"", "/message"},
          {"Status", "/status"},
          {"", "/rule"},
          {"", "/unallocated", true},
          {"Documents", "/documents", false, settled_documents},
          {"Candidates", "/candidates", false, candidate_documents},
          {"Why", "/why", false, {}, 120}};
}

ExitCode list_payments(Session& session, const std::vector<std::string>& statuses) {
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
  PaymentFilter filter;
  for (const std::string& status : statuses) {
    filter.statuses.push_back(payment_status(status).value());
  }
  Printer printer(session.out, session.format(), listed_columns());
  each_payment(opened.ledger, opened.key, filter,
               [&](const PaymentRow& row) { printer.row(listed(row, box.archive_dir)); });
  printer.finish("no payments");
  return ExitCode::ok;
}

ExitCode show_payment(Session& session, std::int64_t id) {
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
  print_payment(session, opened.ledger, opened.key, box.archive_dir, id);
  return ExitCode::ok;
}

}  // namespace

void add_payments(CommandLine& line) {
  CLI::App& group = line.add_group("payments", "Payments in the ledger and what they settled");

  auto statuses = kept<std::vector<std::string>>();
  CLI::App& listing =
      line.add(group,
               {"list", "Lists payments, each with its status and its documents",
                "paymentctl payments list --status unmatched,ambiguous"},
               [statuses](Session& session) { return list_payments(session, *statuses); });
  listing
      .add_option("--status", *statuses,
                  "Only these: paid, partially_paid, overpaid, ambiguous, unmatched, ignored, "
                  "duplicate, superseded")
      ->delimiter(',')
      ->check(CLI::IsMember({"paid", "partially_paid", "overpaid", "ambiguous", "unmatched",
                             "ignored", "duplicate", "superseded"}));
  line.add_config(listing);
  line.add_format(listing);

  auto id = kept<std::int64_t>();
  CLI::App& showing =
      line.add(group,
               {"show", "Shows one payment: why it settled what, its candidates and its history",
                "paymentctl payments show 17 -c box.xml"},
               [id](Session& session) { return show_payment(session, *id); });
  showing.add_option("payment", *id, "Number of the payment, as the list has it")->required();
  line.add_config(showing);
  line.add_format(showing);

  add_payment_decisions(line, group);
  add_payments_export(line, group);
}

}  // namespace paymentctl::cli
