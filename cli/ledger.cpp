#include "commands.hpp"
#include "ledger/status.hpp"
#include "run/box_ledger.hpp"

namespace paymentctl::cli {
namespace {

constexpr int most = 100;
constexpr std::size_t whole = 1000;

ExitCode check(Session& session) {
  BoxLedger opened = open_ledger(session.box(), LedgerAccess::read_only);
  const auto broken = check_ledger(opened.ledger, opened.key, most);
  Printer printer(session.out, session.format(), {{"What is wrong", "/broken", false, {}, whole}});
  for (const std::string& sentence : broken) printer.row({{"broken", sentence}});
  printer.finish("the ledger keeps all its guarantees");
  return broken.empty() ? ExitCode::ok : ExitCode::attention;
}

}  // namespace

void add_ledger(CommandLine& line) {
  CLI::App& group = line.add_group("ledger", "The database itself");
  CLI::App& command =
      line.add(group,
               {"check", "Checks every guarantee row by row; exit code 1 when one is broken",
                "paymentctl ledger check -c box.xml"},
               check);
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
