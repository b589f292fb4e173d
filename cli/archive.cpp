#include <fmt/format.h>

#include "commands.hpp"
#include "run/archive_care.hpp"

namespace paymentctl::cli {
namespace {

ExitCode prune(Session& session, const std::string& age) {
  const auto before = moment_before(session.clock.now(), age);
  if (!before) {
    throw Error(ExitCode::usage, fmt::format("--older-than {}: a number with y, m or d is wanted, "
                                             "at least 30d, such as 10y",
                                             age));
  }
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::existing);
  const PruneCounts counts = prune_archive(opened, box, *before);
  print_object(session.out, session.format(),
               {{"box", box.name}, {"mails", counts.mails}, {"bytes", counts.bytes}});
  return ExitCode::ok;
}

}  // namespace

void add_archive(CommandLine& line) {
  CLI::App& group = line.add_group("archive", "The copies of the mails");
  auto age = kept<std::string>();
  CLI::App& command =
      line.add(group,
               {"prune", "Removes old mails that are posted; payments and every other mail stay",
                "paymentctl archive prune --older-than 10y -c box.xml"},
               [age](Session& session) { return prune(session, *age); });
  command.add_option("--older-than", *age, "Fetched so long ago: 10y, 18m or 90d")
      ->type_name("AGE")
      ->required();
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
