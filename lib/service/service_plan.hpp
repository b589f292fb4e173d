#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace paymentctl {

/// What keeps a program running, or starts it again and again.
enum class ServiceKind { systemd, launchd, cron, task_scheduler, windows };

/// A service as somebody wants it, before it is a unit, a plist, a line or a task. All paths are
/// absolute.
struct ServicePlan {
  std::string name;  ///< letters, digits, '.', '_' and '-', beginning with a letter
  std::filesystem::path program;
  std::vector<std::filesystem::path> boxes;  ///< at least one box.xml
  std::chrono::seconds every{0};             ///< between two runs
  bool every_given = false;                  ///< else each box's pollMinutes
  bool timer = false;     ///< systemd: a timer starts one run after the other, nothing runs between
  bool personal = false;  ///< of whoever installs it, in his own session, instead of the system's
  std::string user;       ///< who it runs as; empty: the kind's default
  bool dynamic_user = false;  ///< systemd: a user of its own that exists while it runs

  std::vector<std::filesystem::path> writable;  ///< folders that must be
  /// systemd: secrets that it reads for the service, by name of the key.
  std::vector<std::pair<std::string, std::filesystem::path>> credentials;

  /// "paymentctl: notices of fio, rb", for people.
  std::string description;

  /// The arguments of a run, without the program: again and again, or once.
  [[nodiscard]] std::vector<std::string> arguments(bool again_and_again) const;
};

/// A file to write. Texts are UTF-8.
struct ServiceFile {
  std::filesystem::path path;
  std::string text;
};

/// NAME.service, with `timer` also NAME.timer; `folder` is where they go.
std::vector<ServiceFile> systemd_units(const ServicePlan& plan,
                                       const std::filesystem::path& folder);
/// A property list for launchd. Its label is "cz.paymentctl.NAME".
ServiceFile launchd_plist(const ServicePlan& plan, const std::filesystem::path& folder);
std::string launchd_label(const std::string& name);
/// A file of /etc/cron.d, or the lines of a crontab where `personal`. Error(usage) for an interval
/// that cron cannot keep.
ServiceFile cron_file(const ServicePlan& plan, const std::filesystem::path& folder);
/// A task for the Task Scheduler of Windows, for: schtasks /Create /XML.
ServiceFile scheduled_task(const ServicePlan& plan, const std::filesystem::path& folder);
/// What the installation of a Windows service does, as commands.
ServiceFile windows_service_commands(const ServicePlan& plan);

/// The first line of what is written, by which we know it again.
std::string service_mark();

}  // namespace paymentctl
