#pragma once

#include <string>
#include <vector>

#include "run/judge.hpp"
#include "run/stages.hpp"

namespace paymentctl {

/// What `parse` prints about a mail, or what kept the mail from being read.
struct JudgedLines {
  std::vector<Json> lines;
  bool recognised = true;
  std::string problem;
  ExitCode code = ExitCode::ok;
};

JudgedLines judged_lines(const JudgedMail& mail);
JudgedLines not_judged(const Error& error);

/// To the observer. Anything unrecognised makes the report end with data (65).
void tell(const JudgedLines& judged, const Observer& observer, RunReport& report);

}  // namespace paymentctl
