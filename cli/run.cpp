#include "commands.hpp"
#include "run/box_run.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

/// The worst of two outcomes: the first that is not ok stays.
ExitCode first_of(ExitCode one, ExitCode other) { return one == ExitCode::ok ? other : one; }

ExitCode run_boxes(Session& session) {
  StageOutput output(session);
  ExitCode outcome = ExitCode::ok;
  for (Box& box : session.boxes()) {
    const std::string name = box.name;
    try {
      BoxSession opened(std::move(box), LedgerAccess::create, session.clock, output.observer());
      const RunReport report = run_box(opened);
      session.log.info(name + ": " + summary_of(report));
      outcome = first_of(outcome, report.exit_code);
    } catch (Error& error) {
      // One box's trouble is not the others'.
      session.log.error(error.in("box " + name).what());
      outcome = first_of(outcome, error.code());
    }
  }
  output.finish("no new mails");
  return outcome;
}

}  // namespace

void add_run(CommandLine& line) {
  CLI::App& command = line.add(line.app(),
                               {"run", "Fetch, read, match, post and notify: everything, once",
                                "paymentctl run -c box.xml\n"
                                "paymentctl run -c first.xml -c second.xml --format ndjson"},
                               run_boxes);
  line.add_config(command, true);
  line.add_format(command);
}

}  // namespace paymentctl::cli
