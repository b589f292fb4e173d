#include <fmt/format.h>

#include "commands.hpp"
#include "run/notify_stage.hpp"
#include "run/reports.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

ExitCode notify(Session& session) {
  StageOutput output(session);
  BoxSession box(session.box(), LedgerAccess::existing, session.clock, output.observer());
  RunReport report;
  write_reports(box, {});
  send_outbox(box, report);
  session.log.info(fmt::format("{} sent, {} failed, {} waiting", report.outbox_sent,
                               report.outbox_failed, report.outbox_waiting));
  return report.outbox_failed > 0 ? ExitCode::unavailable : ExitCode::ok;
}

}  // namespace

void add_notify(CommandLine& line) {
  CLI::App& command = line.add(
      line.app(),
      {"notify", "Send the notifications that wait in the outbox", "paymentctl notify -c box.xml"},
      notify);
  line.add_config(command);
}

}  // namespace paymentctl::cli
