#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace paymentctl {

/// A service as the service control manager of Windows keeps it.
struct SystemService {
  std::string name;
  std::string description;
  std::vector<std::string> command;  ///< program and arguments
  std::string account;               ///< empty: LocalSystem
};

struct SystemServiceState {
  bool running = false;
  std::string state;    ///< "running", "stopped", "start pending" and the like
  std::string command;  ///< as one line
  std::string account;
};

// Errors of these: permission without the rights of an administrator, usage on a system without
// such a manager, else io.

/// Creates it or makes an existing one like it: automatic start, restart after a failure. What was
/// running is stopped before; started in the end.
void install_system_service(const SystemService& service);
/// Stops and removes it; false when there was none.
bool remove_system_service(const std::string& name);
/// nullopt: there is none.
std::optional<SystemServiceState> look_at_system_service(const std::string& name);

/// Does `work` as the service of that name, when the manager has started this process; a stop asked
/// of the service is asked of the token. Answers what `work` answers; Error(usage) when nobody but
/// a person started it.
int run_as_system_service(const std::string& name,
                          const std::function<int(std::stop_source& stop)>& work);

}  // namespace paymentctl
