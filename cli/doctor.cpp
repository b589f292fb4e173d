#include "run/doctor.hpp"

#include "commands.hpp"

namespace paymentctl::cli {
namespace {

constexpr std::size_t whole_advice = 1000;  // advice that is cut off is none

std::vector<Finding> examine(Session& session, bool send_test, ExitCode& code) {
  try {
    const Box box = session.quiet_box();
    const auto secrets = system_secrets(secret_variables(box));
    std::vector<Finding> findings = examine_box(box, *secrets);
    for (Finding& finding : examine_servers({box, *secrets, session.clock, false}, send_test)) {
      findings.push_back(std::move(finding));
    }
    return findings;
  } catch (const Error& error) {
    code = error.code();
    return {{Verdict::problem, "settings", error.what(), "correct it; see the key in the README"}};
  }
}

ExitCode run_doctor(Session& session, bool send_test) {
  ExitCode code = ExitCode::ok;
  Printer printer(session.out, session.format(),
                  {{"Verdict", "/verdict"},
                   {"Subject", "/subject"},
                   {"What", "/what", false, {}, whole_advice},
                   {"What to do", "/advice", false, {}, whole_advice}});
  const std::vector<Finding> findings = examine(session, send_test, code);
  for (const Finding& finding : findings) {
    printer.row(to_json(finding));
    if (finding.verdict == Verdict::problem && code == ExitCode::ok) code = ExitCode::attention;
  }
  printer.finish("nothing found");
  return code;
}

}  // namespace

void add_doctor(CommandLine& line) {
  const auto send_test = kept<bool>();
  CLI::App& command = line.add(
      line.app(),
      {"doctor",
       "Checks settings, folders, ledger, secrets, mailbox, mail server and token; changes nothing",
       "paymentctl doctor -c box.xml\npaymentctl doctor -c box.xml --send-test"},
      [send_test](Session& session) { return run_doctor(session, *send_test); });
  command.add_flag("--send-test", *send_test, "Send a test mail to infoTo");
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
