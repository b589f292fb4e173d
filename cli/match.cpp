#include "commands.hpp"
#include "run/stages.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {

void add_match(CommandLine& line) {
  const auto file = kept<std::string>();
  CLI::App& command = line.add(
      line.app(),
      {"match", "Find which documents payments settle; reads the ledger, writes nothing",
       "paymentctl parse -c box.xml mail.eml | paymentctl match -c box.xml"},
      [file](Session& session) {
        StageOutput output(session);
        BoxSession box(session.box(), LedgerAccess::read_only, session.clock, output.observer());
        LineReader lines(*file);
        RunReport report;
        match_lines(
            box, [&lines] { return lines.next(); }, report);
        output.finish("no payments came in");
        return report.exit_code;
      });
  command.add_option("FILE", *file, "Lines of parse; standard input without it, or with -");
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
