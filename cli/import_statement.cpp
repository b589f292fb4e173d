#include <fmt/format.h>

#include "commands.hpp"
#include "run/statement_import.hpp"

namespace paymentctl::cli {
namespace {

struct StatementArguments {
  std::vector<std::string> files;
  std::string type;
  std::string account;
  bool quiet_mail = false;
};

const std::vector<Column> statement_columns = {{"Account", "/account"},
                                               {"Number", "/number"},
                                               {"From", "/from"},
                                               {"To", "/to"},
                                               {"Opening", "/opening", true},
                                               {"Closing", "/closing", true},
                                               {"Currency", "/currency"},
                                               {"Movements", "/movements", true},
                                               {"New", "/new", true},
                                               {"Reconciled", "/reconciled", true},
                                               {"Known", "/known", true},
                                               {"File", "/file"}};

std::string settled_by(const Json& payment) {
  std::string numbers;
  for (const Json& allocation : payment.at("allocations")) {
    if (!numbers.empty()) numbers += ", ";
    numbers += allocation.at("document").at("number").get<std::string>();
  }
  return numbers;
}

std::string signed_amount(const Json& payment) {
  return (payment.at("direction") == "outgoing" ? "-" : "") +
         payment.at("amount").get<std::string>();
}

std::vector<Column> movement_columns() {
  return {{"Line", "/line", true},
          {"Payment", "/payment_id", true},
          {"Told", "/outcome"},
          {"Booked", "/booked_on"},
          {"Amount", "/amount", true, signed_amount},
          {"VS", "/variable_symbol"},
          {"Account", "/counterparty/account"},
          {"Result", "/status"},
          {"Documents", "/documents", false, settled_by},
          {"Why", "/why", false, {}, 120}};
}

StatementOptions options_of(const StatementArguments& arguments) {
  StatementOptions options;
  options.notify = !arguments.quiet_mail;
  if (!arguments.type.empty()) options.format = statement_format(arguments.type);
  if (arguments.account.empty()) return options;
  const auto colon = arguments.account.find(':');
  const auto account = AccountNumber::parse(arguments.account.substr(0, colon));
  const auto currency = colon == std::string::npos
                            ? std::optional(Currency::czk())
                            : Currency::from_code(arguments.account.substr(colon + 1));
  if (!account || !currency) {
    throw Error(ExitCode::usage, fmt::format("--account is '{}', wanted NUMBER/BANK, or "
                                             "NUMBER/BANK:EUR, whose check digits hold",
                                             arguments.account));
  }
  options.account = OwnAccount{*account, *currency};
  return options;
}

/// The statements of one file, then what they told: tables for a person, lines for a program.
class StatementOutput {
 public:
  explicit StatementOutput(Session& session) : session_(session) {
    if (session.format() == Format::csv || session.format() == Format::json) {
      movements_.emplace(session.out, session.format(), movement_columns());
    }
  }

  void file(BoxSession& box, const std::vector<StatementResult>& results) {
    for (const StatementResult& result : results) tell(result);
    if (session_.format() == Format::table) {
      Printer statements(session_.out, Format::table, statement_columns);
      for (const StatementResult& result : results) statements.row(listed(result));
      statements.finish("no statement");
      session_.out.write("\n");
      movements_.emplace(session_.out, Format::table, movement_columns());
    } else if (session_.format() == Format::ndjson) {
      movements_.emplace(session_.out, Format::ndjson, movement_columns());
    }
    for (const StatementResult& result : results) {
      if (session_.format() == Format::ndjson) movements_->row(listed(result));
      each_movement(box, result, [this](const Json& movement) { movements_->row(movement); });
    }
    if (session_.format() == Format::table || session_.format() == Format::ndjson) {
      movements_->finish("nothing new in it");
      movements_.reset();
    }
  }

  void finish() {
    if (movements_) movements_->finish("nothing new");
    session_.out.flush();
  }

 private:
  void tell(const StatementResult& result) {
    for (const std::string& warning : result.warnings) session_.log.warning(warning);
    if (result.known) {
      session_.log.info(
          fmt::format("{} was imported before; nothing was changed", result.statement.path));
    }
    if (result.missing.empty()) return;
    session_.log.warning(fmt::format(
        "notices told of payments between {} and {} that the statement does not have: {}",
        result.statement.from.iso(), result.statement.to.iso(), fmt::join(result.missing, ", ")));
  }

  Session& session_;
  std::optional<Printer> movements_;
};

ExitCode import(Session& session, const StatementArguments& arguments) {
  const StatementOptions options = options_of(arguments);
  BoxSession box(session.box(), LedgerAccess::create, session.clock, {});
  StatementOutput output(session);
  ExitCode code = ExitCode::ok;
  for (const std::string& file : arguments.files) {
    try {
      output.file(box, import_statements(box, file, options));
    } catch (const Error& error) {
      if (arguments.files.size() == 1) throw;
      // One bank's broken file keeps no other one out.
      if (error.code() != ExitCode::data && error.code() != ExitCode::no_input) throw;
      session.log.error(error.what());
      if (code == ExitCode::ok) code = error.code();
    }
  }
  output.finish();
  return code;
}

}  // namespace

void add_import_statement(CommandLine& line) {
  const auto arguments = kept<StatementArguments>();
  CLI::App& command =
      line.add(line.app(),
               {"import-statement",
                "Take the movements of bank statements, reconciled with what notices told",
                "paymentctl import-statement vypis-2026-08.gpc -c box.xml\n"
                "paymentctl import-statement 2026-08.xml --type camt.053 -c box.xml"},
               [arguments](Session& session) { return import(session, *arguments); });
  command
      .add_option("files", arguments->files,
                  "Statements in ABO/GPC, camt.053, MT940 or Fio's JSON, each all or nothing")
      ->required()
      ->type_name("FILE");
  command.add_option("--type", arguments->type, "The format, where its recognition fails")
      ->check(CLI::IsMember({"gpc", "camt.053", "mt940", "fio-json"}));
  command
      .add_option("--account", arguments->account,
                  "Whose statements these are, where neither file nor ownAccounts say it")
      ->type_name("NUMBER/BANK[:CURRENCY]");
  command.add_flag("--no-notify", arguments->quiet_mail,
                   "Write no notifications: for statements of long ago");
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
