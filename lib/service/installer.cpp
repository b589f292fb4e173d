#include "service/installer.hpp"

#include <map>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "model/error.hpp"
#include "platform/event_log.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/service_control.hpp"
#include "platform/user.hpp"

namespace paymentctl {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_unit = 1u << 20;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_ours(const std::string& text) { return text.find(service_mark()) != std::string::npos; }

/// Nobody's own unit is replaced or removed.
void demand_ours(const fs::path& path, const std::string& text) {
  if (is_ours(text)) return;
  throw Error(
      ExitCode::cannot_create,
      fmt::format("{} is there and not from paymentctl, so it is left alone; choose another "
                  "--name, or remove it",
                  display(path)));
}

[[noreturn]] void without_rights(const ServicePlace& place, const Error& error) {
  if (error.code() != ExitCode::cannot_create || place.personal) throw error;
  throw Error(ExitCode::permission,
              fmt::format("{}; run the same as root (sudo), install it for yourself alone with "
                          "--user, or see what is to be written with --print",
                          error.what()));
}

/// Whether something had to be written.
bool put(const ServiceFile& file, const ServicePlace& place) {
  if (is_there(file.path)) {
    const std::string before = read_file(file.path, largest_unit);
    if (before == file.text) {
      place.tell(fmt::format("{} is there already", display(file.path)));
      return false;
    }
    demand_ours(file.path, before);
  }
  if (!place.dry_run) {
    try {
      std::error_code fault;
      fs::create_directories(file.path.parent_path(), fault);
      if (fault) {
        throw Error(ExitCode::cannot_create,
                    fmt::format("cannot create the folder {}: {}", display(file.path.parent_path()),
                                fault.message()));
      }
      write_public_file(file.path, file.text);
    } catch (const Error& error) {
      without_rights(place, error);
    }
  }
  place.tell(
      fmt::format("{} {}", display(file.path), place.dry_run ? "would be written" : "written"));
  return true;
}

/// Whether there was one.
bool drop(const fs::path& path, const ServicePlace& place) {
  if (!is_there(path)) return false;
  demand_ours(path, read_file(path, largest_unit));
  if (!place.dry_run) {
    try {
      remove_file(path);
    } catch (const Error& error) {
      without_rights(place, Error(ExitCode::cannot_create, error.what()));
    }
  }
  place.tell(fmt::format("{} {}", display(path), place.dry_run ? "would be removed" : "removed"));
  return true;
}

std::string line_of(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

/// One command of the system; what fails is an error unless it `may_fail`.
void command(const ServicePlace& place, std::vector<std::string> words, bool may_fail = false) {
  if (place.dry_run) {
    place.tell("would be done: " + line_of(words));
    return;
  }
  const ProgramResult result = place.run(words);
  if (result.too_slow || (result.exit_code != 0 && !may_fail)) {
    throw Error(ExitCode::io, fmt::format("{} ended with {}; its own words stand above, correct "
                                          "that and run the same again",
                                          line_of(words), result.exit_code));
  }
  if (result.exit_code == 0) place.tell("done: " + line_of(words));
}

std::vector<std::string> systemctl(const ServicePlace& place, std::vector<std::string> words) {
  std::vector<std::string> all{"systemctl"};
  if (place.personal) all.emplace_back("--user");
  if (!place.root.empty()) all.push_back("--root=" + utf8_of(place.root));
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

/// systemd itself runs, not only its files are there: a container often has none.
bool systemd_runs(const ServicePlace& place) {
  return place.root.empty() && is_there("/run/systemd/system");
}

void install_units(const ServicePlan& plan, const ServicePlace& place) {
  const std::string timer = plan.name + ".timer";
  const std::string service = plan.name + ".service";
  const bool runs = systemd_runs(place);
  if (!plan.timer && is_there(place.folder() / timer)) {
    demand_ours(place.folder() / timer, read_file(place.folder() / timer, largest_unit));
    if (runs) {
      command(place, systemctl(place, {"disable", "--now", timer}), true);
    } else {
      command(place, systemctl(place, {"disable", timer}), true);
    }
    drop(place.folder() / timer, place);
  }
  bool changed = false;
  for (const ServiceFile& file : systemd_units(plan, place.folder())) {
    changed = put(file, place) || changed;
  }
  const std::string& unit = plan.timer ? timer : service;
  if (!runs) {
    if (plan.timer) command(place, systemctl(place, {"disable", service}), true);
    command(place, systemctl(place, {"enable", unit}));
    place.tell("systemd does not run here, so it starts with the next boot");
    return;
  }
  command(place, systemctl(place, {"daemon-reload"}));
  if (plan.timer) {
    // What ran all the time before gives way to its timer.
    command(place, systemctl(place, {"disable", "--now", service}), true);
  }
  command(place, systemctl(place, {"enable", unit}));
  command(place, systemctl(place, {changed ? "restart" : "start", unit}));
}

bool uninstall_units(const std::string& name, const ServicePlace& place) {
  bool any = false;
  for (const std::string ending : {".timer", ".service"}) {
    const fs::path file = place.folder() / (name + ending);
    if (!is_there(file)) continue;
    demand_ours(file, read_file(file, largest_unit));
    if (systemd_runs(place)) {
      command(place, systemctl(place, {"disable", "--now", name + ending}), true);
    } else {
      command(place, systemctl(place, {"disable", name + ending}), true);
    }
    any = drop(file, place) || any;
  }
  if (any && systemd_runs(place)) command(place, systemctl(place, {"daemon-reload"}));
  return any;
}

/// "Key=value" a line.
std::map<std::string, std::string> properties(const std::string& text) {
  std::map<std::string, std::string> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto sign = line.find('=');
    if (sign != std::string::npos) all[line.substr(0, sign)] = line.substr(sign + 1);
  }
  return all;
}

void look_at_unit(const std::string& name, const ServicePlace& place, Json& status) {
  const bool timer = is_there(place.folder() / (name + ".timer"));
  const fs::path file = place.folder() / (name + (timer ? ".timer" : ".service"));
  if (!is_there(file)) return;
  status["installed"] = true;
  status["file"] = display(file);
  if (!systemd_runs(place)) {
    const fs::path wanted = place.folder() / (timer            ? "timers.target.wants"
                                              : place.personal ? "default.target.wants"
                                                               : "multi-user.target.wants");
    std::error_code ignored;
    status["enabled"] = fs::is_symlink(wanted / file.filename(), ignored);
    status["state"] = "systemd does not run here";
    return;
  }
  const ProgramResult result =
      place.run(systemctl(place, {"show", file.filename().string(), "--property",
                                  "ActiveState,SubState,UnitFileState,ActiveEnterTimestamp"}));
  const auto facts = properties(result.output);
  const auto fact = [&facts](const char* key) {
    const auto found = facts.find(key);
    return found == facts.end() || found->second.empty() ? Json(nullptr) : Json(found->second);
  };
  status["enabled"] = fact("UnitFileState") == "enabled";
  status["running"] = fact("ActiveState") == "active";
  status["state"] = fact("SubState");
  status["since"] = fact("ActiveEnterTimestamp");
}

std::string launchd_domain(const ServicePlace& place) {
  return place.personal ? "gui/" + std::to_string(own_user_id()) : "system";
}

void install_plist(const ServicePlan& plan, const ServicePlace& place) {
  const ServiceFile file = launchd_plist(plan, place.folder());
  const bool changed = put(file, place);
  if (!place.root.empty()) return;
  const std::string domain = launchd_domain(place);
  if (changed) {
    command(place, {"launchctl", "bootout", domain + "/" + launchd_label(plan.name)}, true);
  }
  command(place, {"launchctl", "bootstrap", domain, utf8_of(file.path)}, !changed);
}

bool uninstall_plist(const std::string& name, const ServicePlace& place) {
  const fs::path file = place.folder() / (launchd_label(name) + ".plist");
  if (!is_there(file)) return false;
  demand_ours(file, read_file(file, largest_unit));
  if (place.root.empty()) {
    command(place, {"launchctl", "bootout", launchd_domain(place) + "/" + launchd_label(name)},
            true);
  }
  return drop(file, place);
}

void look_at_plist(const std::string& name, const ServicePlace& place, Json& status) {
  const fs::path file = place.folder() / (launchd_label(name) + ".plist");
  if (!is_there(file)) return;
  status["installed"] = true;
  status["enabled"] = true;
  status["file"] = display(file);
  const ProgramResult result =
      place.run({"launchctl", "print", launchd_domain(place) + "/" + launchd_label(name)});
  status["running"] =
      result.exit_code == 0 && result.output.find("state = running") != std::string::npos;
  status["state"] = status["running"] ? "running" : "not running";
}

/// Whether there is one; somebody else's is an error.
bool is_our_system_service(const std::string& name) {
  const auto found = look_at_system_service(name);
  if (found && found->command.find(" --as-service " + name) == std::string::npos) {
    throw Error(ExitCode::cannot_create,
                fmt::format("the service {} is there and not from paymentctl, so it is left alone; "
                            "choose another --name",
                            name));
  }
  return found.has_value();
}

void install_for_windows(const ServicePlan& plan, const ServicePlace& place) {
  is_our_system_service(plan.name);
  SystemService service{plan.name, plan.description, {utf8_of(plan.program)}, plan.user};
  for (std::string& argument : plan.arguments(true)) service.command.push_back(std::move(argument));
  service.command.emplace_back("--as-service");
  service.command.push_back(plan.name);
  if (place.dry_run) {
    place.tell("would be done: " + windows_service_commands(plan).text);
    return;
  }
  install_event_source(plan.name);
  install_system_service(service);
  place.tell(fmt::format("the service {} is installed and started", plan.name));
}

}  // namespace

fs::path ServicePlace::folder() const {
  switch (kind) {
    case ServiceKind::systemd:
      return personal ? home / ".config/systemd/user" : in_root("etc/systemd/system");
    case ServiceKind::launchd:
      return personal ? home / "Library/LaunchAgents" : in_root("Library/LaunchDaemons");
    case ServiceKind::cron:
      return in_root("etc/cron.d");
    case ServiceKind::task_scheduler:
    case ServiceKind::windows:
      return {};
  }
  throw Error(ExitCode::software, "a kind of service without a folder");
}

fs::path ServicePlace::in_root(const char* folder) const {
  return (root.empty() ? fs::path("/") : root) / folder;
}

ServiceKind kind_of_this_machine() {
#if defined(_WIN32)
  return ServiceKind::windows;
#elif defined(__APPLE__)
  return ServiceKind::launchd;
#else
  return ServiceKind::systemd;
#endif
}

std::vector<ServiceFile> service_files(const ServicePlan& plan, const ServicePlace& place) {
  switch (place.kind) {
    case ServiceKind::systemd:
      return systemd_units(plan, place.folder());
    case ServiceKind::launchd:
      return {launchd_plist(plan, place.folder())};
    case ServiceKind::cron:
      return {cron_file(plan, place.folder())};
    case ServiceKind::task_scheduler:
      return {scheduled_task(plan, place.folder())};
    case ServiceKind::windows:
      return {windows_service_commands(plan)};
  }
  throw Error(ExitCode::software, "a kind of service without a text");
}

void install_service(const ServicePlan& plan, const ServicePlace& place) {
  if (place.kind == ServiceKind::windows) return install_for_windows(plan, place);
  if (place.kind == ServiceKind::launchd) return install_plist(plan, place);
  install_units(plan, place);
}

bool uninstall_service(const std::string& name, const ServicePlace& place) {
  if (place.kind == ServiceKind::launchd) return uninstall_plist(name, place);
  if (place.kind == ServiceKind::systemd) return uninstall_units(name, place);
  if (!is_our_system_service(name)) return false;
  if (!place.dry_run) {
    remove_system_service(name);
    remove_event_source(name);
  }
  place.tell(
      fmt::format("the service {} {}", name, place.dry_run ? "would be removed" : "removed"));
  return true;
}

Json service_status(const std::string& name, const ServicePlace& place) {
  Json status{{"name", name},     {"installed", false}, {"enabled", false}, {"running", false},
              {"state", nullptr}, {"since", nullptr},   {"file", nullptr}};
  if (place.kind == ServiceKind::systemd) look_at_unit(name, place, status);
  if (place.kind == ServiceKind::launchd) look_at_plist(name, place, status);
  if (place.kind == ServiceKind::windows) {
    if (const auto found = look_at_system_service(name)) {
      status["installed"] = true;
      status["enabled"] = true;
      status["running"] = found->running;
      status["state"] = found->state;
    }
  }
  return status;
}

}  // namespace paymentctl
