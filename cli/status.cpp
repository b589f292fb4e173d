#include "commands.hpp"
#include "run/box_ledger.hpp"
#include "run/box_status.hpp"

namespace paymentctl::cli {
namespace {

ExitCode show_status(Session& session) {
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
  const BoxStatus status = status_of_box(opened.ledger, opened.key, session.clock.now());
  Json json{{"box", box.name}, {"company", box.company}};
  json.update(to_json(status));
  print_object(session.out, session.format(), json);
  return status.attention.empty() ? ExitCode::ok : ExitCode::attention;
}

}  // namespace

void add_status(CommandLine& line) {
  CLI::App& command =
      line.add(line.app(),
               {"status", "Tells how the box is doing; exit code 1 when a person is needed",
                "paymentctl status -c box.xml"},
               show_status);
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
