#include "run/doctor.hpp"

#include "commands.hpp"

namespace paymentctl::cli {
namespace {

constexpr std::size_t whole = 1000;  // advice that is cut off is none

std::vector<Finding> examine(Session& session, ExitCode& code) {
  try {
    const auto secrets = system_secrets();
    return examine_box(session.quiet_box(), *secrets);
  } catch (const Error& error) {
    code = error.code();
    return {{Verdict::problem, "settings", error.what(), "correct it; see the key in the README"}};
  }
}

ExitCode act(Session& session) {
  ExitCode code = ExitCode::ok;
  Printer printer(session.out, session.format(),
                  {{"Verdict", "/verdict"},
                   {"Subject", "/subject"},
                   {"What", "/what", false, {}, whole},
                   {"What to do", "/advice", false, {}, whole}});
  const std::vector<Finding> findings = examine(session, code);
  for (const Finding& finding : findings) {
    printer.row(to_json(finding));
    if (finding.verdict == Verdict::problem && code == ExitCode::ok) code = ExitCode::attention;
  }
  printer.finish("nothing found");
  return code;
}

}  // namespace

void add_doctor(CommandLine& line) {
  CLI::App& command =
      line.add(line.app(),
               {"doctor", "Checks settings, folders, ledger and secrets; changes nothing",
                "paymentctl doctor -c box.xml"},
               act);
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
