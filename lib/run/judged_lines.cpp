#include "run/judged_lines.hpp"

namespace paymentctl {

JudgedLines judged_lines(const JudgedMail& mail) {
  return {lines_of(mail), mail.is_settled(), "", ExitCode::ok};
}

JudgedLines not_judged(const Error& error) { return {{}, true, error.what(), error.code()}; }

void tell(const JudgedLines& judged, const Observer& observer, RunReport& report) {
  if (!judged.problem.empty()) {
    observer.problem(judged.problem);
    ++report.failed;
    report.fail(judged.code);
  }
  if (!judged.recognised) report.fail(ExitCode::data);
  for (const Json& line : judged.lines) observer.line(line);
}

}  // namespace paymentctl
