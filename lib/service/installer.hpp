#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "model/json.hpp"
#include "platform/process.hpp"
#include "service/service_plan.hpp"

namespace paymentctl {

/// Where services live on a machine, and how its manager is spoken to.
struct ServicePlace {
  ServiceKind kind = ServiceKind::systemd;
  bool personal = false;
  std::filesystem::path home;  ///< of whoever installs a personal one
  /// The tree of an image that is being built, instead of the running system; empty: that.
  std::filesystem::path root;
  bool dry_run = false;  ///< tells, and changes nothing
  /// Runs a program of the system, such as systemctl; its standard output is answered.
  std::function<ProgramResult(const std::vector<std::string>& words)> run;
  /// Told each step, as a sentence.
  std::function<void(const std::string&)> tell;

  /// /etc/systemd/system and the like; empty where there is none.
  [[nodiscard]] std::filesystem::path folder() const;

 private:
  [[nodiscard]] std::filesystem::path in_root(const char* folder) const;
};

/// What keeps services running on this system.
ServiceKind kind_of_this_machine();

/// What install_service writes; for cron and the Task Scheduler, which a person sets up, what to
/// give to them.
std::vector<ServiceFile> service_files(const ServicePlan& plan, const ServicePlace& place);

/// Writes what belongs to the plan, for systemd, launchd or Windows, and starts it. What is there
/// already and the same stays; what somebody else wrote is never replaced: Error(cannot_create).
/// Error(permission) says what to do without the rights; Error(io) when the manager does not do as
/// it is told.
void install_service(const ServicePlan& plan, const ServicePlace& place);

/// Stops and removes it. False when there was none.
bool uninstall_service(const std::string& name, const ServicePlace& place);

/// {"name","kind","installed","enabled","running","state","since","file"}; what is not known is
/// null.
Json service_status(const std::string& name, const ServicePlace& place);

}  // namespace paymentctl
