#include "commands.hpp"
#include "run/stages.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {

void add_post(CommandLine& line) {
  const auto file = kept<std::string>();
  CLI::App& command = line.add(
      line.app(),
      {"post", "Write matched payments into the ledger",
       "paymentctl fetch -c box.xml | paymentctl parse -c box.xml - | paymentctl match -c "
       "box.xml | paymentctl post -c box.xml"},
      [file](Session& session) {
        StageOutput output(session);
        BoxSession box(session.box(), LedgerAccess::existing, session.clock, output.observer());
        LineReader lines(*file);
        RunReport report;
        post_lines(
            box, [&lines] { return lines.next(); }, report);
        output.finish("nothing to post came in");
        session.log.info(summary_of(report));
        return report.exit_code;
      });
  command.add_option("FILE", *file, "Lines of match; standard input without it, or with -");
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
