#include "commands.hpp"
#include "platform/paths.hpp"
#include "run/box_run.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

struct ImportEmlArguments {
  std::string folder;
  bool remove = false;
  bool notify = false;
};

}  // namespace

void add_import_eml(CommandLine& line) {
  const auto arguments = kept<ImportEmlArguments>();
  CLI::App& command = line.add(
      line.app(),
      {"import-eml", "Process the mails of a folder: a backfill",
       "paymentctl import-eml old-mails -c box.xml\n"
       "paymentctl import-eml old-mails -c box.xml --delete --notify"},
      [arguments](Session& session) {
        StageOutput output(session);
        BoxSession box(session.box(), LedgerAccess::create, session.clock, output.observer());
        const RunReport report = import_folder(box, path_from_utf8(arguments->folder),
                                               arguments->remove, arguments->notify);
        output.finish("no new mails");
        session.log.info(summary_of(report));
        return report.exit_code;
      });
  command.add_option("DIR", arguments->folder, "Its *.eml files, those of folders below it too")
      ->required();
  command.add_flag("--delete", arguments->remove,
                   "Remove each file once it is archived and recorded");
  command.add_flag("--notify", arguments->notify, "Write notifications, as run does");
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
