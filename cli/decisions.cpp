#include "decisions.hpp"

#include "model/names.hpp"
#include "payment_text.hpp"
#include "platform/user.hpp"
#include "run/box_session.hpp"

namespace paymentctl::cli {
namespace {

struct DecisionArguments {
  std::int64_t payment = 0;
  std::vector<std::string> documents;
  DecisionOptions options;
};

template <typename Decision>
ExitCode decide(Session& session, const DecisionArguments& arguments, Decision&& decision) {
  BoxSession box(session.box(), LedgerAccess::existing, session.clock, {});
  PostSettings settings = box.post_settings(true);
  settings.who = decider(arguments.options);
  decision(box.ledger, settings);
  print_payment(session, box.ledger, box.key, box.box.archive_dir, arguments.payment);
  return ExitCode::ok;
}

ExitCode assign(Session& session, const DecisionArguments& arguments) {
  std::vector<Share> shares;
  for (const std::string& text : arguments.documents) {
    shares.push_back(share_of(arguments.options, text));
  }
  return decide(session, arguments, [&](Ledger& ledger, const PostSettings& settings) {
    assign_payment(ledger, settings, arguments.payment, shares, arguments.options.why);
  });
}

ExitCode unassign(Session& session, const DecisionArguments& arguments) {
  std::optional<DocumentName> document;
  if (!arguments.documents.empty()) {
    document = document_name(arguments.options, arguments.documents.front());
  }
  return decide(session, arguments, [&](Ledger& ledger, const PostSettings& settings) {
    unassign_payment(ledger, settings, arguments.payment, document, arguments.options.why);
  });
}

ExitCode ignore(Session& session, const DecisionArguments& arguments) {
  return decide(session, arguments, [&](Ledger& ledger, const PostSettings& settings) {
    ignore_payment(ledger, settings, arguments.payment, arguments.options.why);
  });
}

}  // namespace

void add_decision_options(CLI::App& command, DecisionOptions& options, bool names_documents) {
  command.add_option("--why", options.why, "For the journal")->type_name("TEXT");
  command.add_option("--who", options.who, "For the journal [the login name]")->type_name("NAME");
  if (!names_documents) return;
  command.add_option("--kind", options.kind, "Kind, where several documents have one number")
      ->check(CLI::IsMember(
          {"issued_invoice", "received_invoice", "other_receivable", "other_payable"}));
  command.add_option("--partner", options.partner, "Id or name of the partner, likewise")
      ->type_name("PARTNER");
}

std::string decider(const DecisionOptions& options) {
  return options.who.empty() ? login_name() : options.who;
}

DocumentName document_name(const DecisionOptions& options, const std::string& number) {
  return {number, value_of<DocumentKind>(options.kind), options.partner};
}

Share share_of(const DecisionOptions& options, const std::string& text) {
  const auto equals = text.rfind('=');
  if (equals != std::string::npos) {
    std::string written = text.substr(equals + 1);
    // as it is written in Czech
    if (const auto comma = written.find(','); comma != std::string::npos) written[comma] = '.';
    if (const auto amount = Amount::from_decimal(written)) {
      return {document_name(options, text.substr(0, equals)), amount};
    }
  }
  return {document_name(options, text), std::nullopt};
}

void add_payment_decisions(CommandLine& line, CLI::App& payments) {
  const auto add = [&](const CommandText& text, auto action, bool names_documents) -> auto& {
    auto arguments = kept<DecisionArguments>();
    CLI::App& command = line.add(payments, text, [arguments, action](Session& session) {
      return action(session, *arguments);
    });
    command.add_option("payment", arguments->payment, "Number of the payment, as the list has it")
        ->required();
    if (names_documents) {
      command.add_option("documents", arguments->documents, "")->type_name("DOCUMENT");
    }
    add_decision_options(command, arguments->options, names_documents);
    line.add_config(command);
    line.add_format(command);
    return command;
  };
  add({"assign", "Settles documents by a payment, by hand; teaches whose its account is",
       "paymentctl payments assign 17 130100024 130100031=500.00 --why \"phone call\""},
      assign, true)
      .get_option("documents")
      ->required()
      ->description("Numbers of documents, each with =AMOUNT or as much as it owes");
  add({"unassign", "Takes a payment off one document or all, as if it had not been matched",
       "paymentctl payments unassign 17 130100024 --why \"wrong customer\""},
      unassign, true)
      .get_option("documents")
      ->expected(0, 1)
      ->description("Number of the document [all of the payment's]");
  add({"ignore", "Says that a payment belongs to no document and need not",
       "paymentctl payments ignore 17 --why \"bank fee\""},
      ignore, false)
      .get_option("--why")
      ->required();
}

}  // namespace paymentctl::cli
