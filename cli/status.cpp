#include "commands.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "run/box_ledger.hpp"
#include "run/box_status.hpp"
#include "run/prometheus.hpp"

namespace paymentctl::cli {
namespace {

ExitCode show_status(Session& session, const std::string& metrics) {
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
  const BoxStatus status =
      status_of_box(opened.ledger, opened.key, session.clock.now(), status_facts_of(box));
  if (!metrics.empty()) {
    write_public_file(path_from_utf8(metrics), prometheus_text(box.company, box.name, status));
  }
  Json json{{"box", box.name}, {"company", box.company}};
  json.update(to_json(status));
  print_object(session.out, session.format(), json);
  return status.attention.empty() ? ExitCode::ok : ExitCode::attention;
}

}  // namespace

void add_status(CommandLine& line) {
  const auto metrics = kept<std::string>();
  CLI::App& command =
      line.add(line.app(),
               {"status", "Tells how the box is doing; exit code 1 when a person is needed",
                "paymentctl status -c box.xml\n"
                "paymentctl status -c box.xml --prometheus /var/lib/node_exporter/paymentctl.prom"},
               [metrics](Session& session) { return show_status(session, *metrics); });
  command
      .add_option("--prometheus", *metrics,
                  "Write the numbers to this file too, for the textfile collector")
      ->type_name("FILE");
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
