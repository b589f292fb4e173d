#include <fmt/format.h>

#include "commands.hpp"
#include "ledger/outbox.hpp"
#include "run/notify_stage.hpp"
#include "run/reports.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

ExitCode notify(Session& session, bool retry_refused) {
  StageOutput output(session);
  BoxSession box(session.box(), LedgerAccess::existing, session.clock, output.observer());
  if (retry_refused) retry_refused_outbox(box.ledger, box.key, session.clock.now());
  RunReport report;
  write_reports(box, {});
  send_outbox(box, report);
  session.log.info(fmt::format("{} sent, {} failed, {} waiting", report.outbox_sent,
                               report.outbox_failed, report.outbox_waiting));
  return report.outbox_failed > 0 ? ExitCode::unavailable : ExitCode::ok;
}

}  // namespace

void add_notify(CommandLine& line) {
  const auto retry_refused = kept<bool>();
  CLI::App& command =
      line.add(line.app(),
               {"notify", "Send the notifications that wait in the outbox",
                "paymentctl notify -c box.xml\npaymentctl notify -c box.xml --retry-refused"},
               [retry_refused](Session& session) { return notify(session, *retry_refused); });
  command.add_flag("--retry-refused", *retry_refused,
                   "Try again what the mail server refused for good, after a correction");
  line.add_config(command);
}

}  // namespace paymentctl::cli
