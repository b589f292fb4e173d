#ifndef _WIN32
#include "model/error.hpp"
#include "platform/service_control.hpp"

namespace paymentctl {
namespace {

[[noreturn]] void not_here() {
  throw Error(ExitCode::usage,
              "Windows services are only on Windows; see what is written there "
              "with: paymentctl install-service --print windows");
}

}  // namespace

void install_system_service(const SystemService& /*service*/) { not_here(); }
bool remove_system_service(const std::string& /*name*/) { not_here(); }
std::optional<SystemServiceState> look_at_system_service(const std::string& /*name*/) {
  not_here();
}
int run_as_system_service(const std::string& /*name*/,
                          const std::function<int(std::stop_source& stop)>& /*work*/) {
  not_here();
}

}  // namespace paymentctl
#endif
