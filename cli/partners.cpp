#include "ledger/partners.hpp"

#include <fmt/format.h>

#include "commands.hpp"
#include "decisions.hpp"
#include "ledger/status.hpp"
#include "run/box_ledger.hpp"
#include "run/listing.hpp"

namespace paymentctl::cli {
namespace {

struct ForgetArguments {
  std::string account;
  std::string partner;
  DecisionOptions options;
};

ExitCode list_partners(Session& session) {
  BoxLedger opened = open_ledger(session.box(), LedgerAccess::read_only);
  Printer printer(session.out, session.format(),
                  {{"Account", "/account"},
                   {"Partner", "/partner"},
                   {"Learned", "/learned_at"},
                   {"Known of others too", "/shared"}});
  for (const LearnedAccount& learned : learned_accounts(opened.ledger, opened.key)) {
    printer.row({{"account", learned.account},
                 {"partner", learned.partner},
                 {"learned_at", utc_text(learned.learned_at)},
                 {"shared", learned.shared}});
  }
  printer.finish("no accounts were learned");
  return ExitCode::ok;
}

ExitCode forget(Session& session, const ForgetArguments& arguments) {
  const auto account = AccountNumber::parse(arguments.account);
  if (!account) {
    throw Error(ExitCode::usage, fmt::format("\"{}\" is no account; write it as 1234567899/0800",
                                             arguments.account));
  }
  BoxLedger opened = open_ledger(session.box(), LedgerAccess::existing);
  opened.ledger.transaction([&] {
    if (forget_account(opened.ledger, opened.key, *account, arguments.partner) == 0) {
      throw Error(ExitCode::data,
                  fmt::format("account {} was not learned; see: paymentctl partners "
                              "list",
                              account->str()));
    }
    JournalEntry entry;
    entry.at = session.clock.now();
    entry.who = decider(arguments.options);
    entry.subject = "account:" + account->str();
    entry.what = arguments.partner.empty() ? "forgotten" : "forgotten as " + arguments.partner;
    entry.why = arguments.options.why;
    add_journal(opened.ledger, opened.key, entry);
  });
  return ExitCode::ok;
}

}  // namespace

void add_partners(CommandLine& line) {
  CLI::App& group = line.add_group("partners", "Whose accounts were learned from payments");
  CLI::App& listing = line.add(group,
                               {"list", "Lists the accounts that assignments by hand have taught",
                                "paymentctl partners list -c box.xml"},
                               list_partners);
  line.add_config(listing);
  line.add_format(listing);

  auto arguments = kept<ForgetArguments>();
  CLI::App& forgetting =
      line.add(group,
               {"forget", "Forgets whose account it is, where that was learned by mistake",
                "paymentctl partners forget 1234567899/0800 -c box.xml"},
               [arguments](Session& session) { return forget(session, *arguments); });
  forgetting.add_option("account", arguments->account, "Account as the list has it")->required();
  forgetting.add_option("partner", arguments->partner, "Only of this partner, as the list has it");
  add_decision_options(forgetting, arguments->options, false);
  line.add_config(forgetting);
}

}  // namespace paymentctl::cli
