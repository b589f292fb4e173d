#include <fmt/format.h>

#include "commands.hpp"
#include "run/box_run.hpp"
#include "run/dry_run.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

/// The worst of two outcomes: the first that is not ok stays.
ExitCode first_of(ExitCode one, ExitCode other) { return one == ExitCode::ok ? other : one; }

std::string notifications(std::uint64_t count) {
  if (count == 0) return "";
  return fmt::format("; {} notification{}", count, count == 1 ? "" : "s");
}

/// Does `work` for every box; one box's trouble is not the others'.
template <typename Work>
ExitCode for_each_box(Session& session, Work&& work) {
  ExitCode outcome = ExitCode::ok;
  for (Box& box : session.boxes()) {
    const std::string name = box.name;
    try {
      const RunReport report = work(std::move(box));
      outcome = first_of(outcome, report.exit_code);
    } catch (Error& error) {
      session.log.error(error.in("box " + name).what());
      outcome = first_of(outcome, error.code());
    }
  }
  return outcome;
}

ExitCode run_boxes(Session& session) {
  StageOutput output(session);
  const ExitCode outcome = for_each_box(session, [&](Box box) {
    BoxSession opened(std::move(box), LedgerAccess::create, session.clock, output.observer());
    RunReport report = run_box(opened);
    session.log.info(opened.box.name + ": " + summary_of(report));
    return report;
  });
  output.finish("no new mails");
  return outcome;
}

ExitCode dry_run_boxes(Session& session) {
  StageOutput output(session);
  DryRun dry;
  const ExitCode outcome = for_each_box(session, [&](Box box) {
    const std::string name = box.name;
    RunReport report = dry.run(std::move(box), session.clock, output.observer());
    session.log.info(fmt::format("{}: dry run, nothing was changed; it would be: {}{}", name,
                                 summary_of(report), notifications(report.outbox_waiting)));
    return report;
  });
  output.finish("no new mails");
  return outcome;
}

}  // namespace

void add_run(CommandLine& line) {
  auto dry = kept<bool>();
  CLI::App& command = line.add(
      line.app(),
      {"run", "Fetch, read, match, post and notify: everything, once",
       "paymentctl run -c box.xml\n"
       "paymentctl run -c first.xml -c second.xml --format ndjson\n"
       "paymentctl run -c box.xml --dry-run"},
      [dry](Session& session) { return *dry ? dry_run_boxes(session) : run_boxes(session); });
  command.add_flag("--dry-run", *dry,
                   "Print what would be done, and change neither ledger nor mailbox nor folders");
  line.add_config(command, true);
  line.add_format(command);
}

}  // namespace paymentctl::cli
