#include "commands.hpp"
#include "run/stages.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

ExitCode fetch(Session& session) {
  StageOutput output(session);
  BoxSession box(session.box(), LedgerAccess::create, session.clock, output.observer());
  RunReport report;
  fetch_sources(box, report);
  print_fetched(box);
  output.finish("no mails wait to be read");
  session.log.info(summary_of(report));
  return report.exit_code;
}

}  // namespace

void add_fetch(CommandLine& line) {
  CLI::App& command =
      line.add(line.app(),
               {"fetch", "Bring new mails into archive and ledger; print those to be parsed",
                "paymentctl fetch -c box.xml\n"
                "paymentctl fetch -c box.xml | paymentctl parse -c box.xml - | paymentctl match -c "
                "box.xml | paymentctl post -c box.xml && paymentctl notify -c box.xml"},
               fetch);
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
