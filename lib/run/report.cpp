#include "run/stages.hpp"

namespace paymentctl {

void RunReport::fail(ExitCode code) {
  if (exit_code == ExitCode::ok) exit_code = code;
}

}  // namespace paymentctl
