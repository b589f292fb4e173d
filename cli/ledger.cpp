#include "commands.hpp"
#include "ledger/status.hpp"
#include "run/box_ledger.hpp"

namespace paymentctl::cli {
namespace {

constexpr int most_faults = 100;
constexpr std::size_t whole_fault = 1000;

ExitCode check_all(Session& session) {
  BoxLedger opened = open_ledger(session.box(), LedgerAccess::read_only);
  const auto broken = check_ledger(opened.ledger, opened.key, most_faults);
  Printer printer(session.out, session.format(),
                  {{"What is wrong", "/broken", false, {}, whole_fault}});
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
               check_all);
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
