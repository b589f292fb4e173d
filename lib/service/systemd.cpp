#include <fmt/format.h>

#include "model/error.hpp"
#include "platform/paths.hpp"
#include "service/service_plan.hpp"

namespace paymentctl {
namespace {

namespace fs = std::filesystem;

/// % begins what the unit's own language puts in.
std::string plain_text(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '%') result += letter;
    result += letter;
  }
  return result;
}

bool is_plain(const std::string& text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._=-") ==
         std::string::npos;
}

/// One word of a command line, systemd.service(5): in quotes a backslash and $ mean something too.
std::string command_word(const std::string& text) {
  if (is_plain(text)) return text;
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') result += '\\';
    if (letter == '%' || letter == '$') result += letter;
    result += letter;
  }
  return result + "\"";
}

/// One of several paths: quotes hold it together, and nothing in them is escaped.
std::string path_word(const fs::path& path) {
  const std::string text = utf8_of(path);
  if (is_plain(text)) return text;
  const char* const quote = text.find('"') == std::string::npos ? "\"" : "'";
  if (text.find(quote) != std::string::npos) {
    throw Error(ExitCode::usage, text +
                                     ": systemd cannot name a folder with both kinds of quotes; "
                                     "rename it");
  }
  return quote + plain_text(text) + quote;
}

bool lies_below(const fs::path& path, const char* folder) {
  const std::string text = utf8_of(path);
  return text.starts_with(std::string(folder) + "/") || text == folder;
}

/// Whether anything that the service touches lies in one of these folders.
bool touches(const ServicePlan& plan, std::initializer_list<const char*> folders) {
  const auto any = [&](const fs::path& path) {
    for (const char* folder : folders) {
      if (lies_below(path, folder)) return true;
    }
    return false;
  };
  for (const auto& list : {plan.boxes, plan.writable}) {
    for (const fs::path& path : list) {
      if (any(path)) return true;
    }
  }
  return any(plan.program);
}

/// What the program may not do, since it never has to. A manager of one user has no right to
/// most of it.
std::string fences(const ServicePlan& plan) {
  std::string text =
      "NoNewPrivileges=yes\n"
      "LockPersonality=yes\n"
      "MemoryDenyWriteExecute=yes\n"
      "RestrictRealtime=yes\n"
      "RestrictSUIDSGID=yes\n"
      "RestrictNamespaces=yes\n"
      "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX\n"
      "SystemCallArchitectures=native\n"
      "SystemCallFilter=@system-service\n"
      "UMask=0077\n";
  if (plan.personal) return text;
  text += "CapabilityBoundingSet=\n";
  text += "ProtectSystem=strict\n";
  text += fmt::format("ProtectHome={}\n",
                      touches(plan, {"/home", "/root", "/run/user"}) ? "read-only" : "yes");
  text += fmt::format("PrivateTmp={}\n", touches(plan, {"/tmp", "/var/tmp"}) ? "no" : "yes");
  text +=
      "PrivateDevices=yes\n"
      "ProtectClock=yes\n"
      "ProtectControlGroups=yes\n"
      "ProtectHostname=yes\n"
      "ProtectKernelLogs=yes\n"
      "ProtectKernelModules=yes\n"
      "ProtectKernelTunables=yes\n"
      "ProtectProc=invisible\n"
      "RemoveIPC=yes\n";
  return text;
}

std::string places(const ServicePlan& plan) {
  std::string text;
  if (plan.dynamic_user) {
    text += fmt::format("StateDirectory={}\nStateDirectoryMode=0700\n", plan.name);
  } else if (!plan.personal) {
    for (const fs::path& folder : plan.writable) {
      text += "ReadWritePaths=" + path_word(folder) + "\n";
    }
  }
  for (const auto& [key, file] : plan.credentials) {
    text += "LoadCredential=" + plain_text(key + ":" + utf8_of(file)) + "\n";
  }
  return text;
}

std::string service_unit(const ServicePlan& plan) {
  std::string command = command_word(utf8_of(plan.program));
  for (const std::string& argument : plan.arguments(!plan.timer)) {
    command += " " + command_word(argument);
  }
  std::string text =
      fmt::format("# {}\n[Unit]\nDescription={}\n", service_mark(), plain_text(plan.description));
  if (!plan.personal) text += "After=network-online.target\nWants=network-online.target\n";
  text += "\n[Service]\n";
  text += plan.timer ? "Type=oneshot\n" : "Type=exec\n";
  text += "ExecStart=" + command + "\n";
  // The payments themselves are not for the journal.
  text += "StandardOutput=null\n";
  if (plan.timer) {
    // Another one has the mailbox: the next run comes soon.
    text += "SuccessExitStatus=75\n";
  } else {
    text += "Restart=on-failure\nRestartSec=30\nRestartPreventExitStatus=64 66 78\n";
  }
  text += "TimeoutStopSec=20\n";
  if (plan.dynamic_user) text += "DynamicUser=yes\n";
  if (!plan.user.empty() && !plan.personal) text += "User=" + plan.user + "\n";
  text += places(plan) + fences(plan);
  if (!plan.timer) {
    text += fmt::format("\n[Install]\nWantedBy={}\n",
                        plan.personal ? "default.target" : "multi-user.target");
  }
  return text;
}

std::string timer_unit(const ServicePlan& plan) {
  return fmt::format(
      "# {}\n[Unit]\nDescription=Runs {}.service again and again\n\n[Timer]\nOnActiveSec=10\n"
      "OnUnitActiveSec={}\nAccuracySec=10\n\n[Install]\nWantedBy=timers.target\n",
      service_mark(), plan.name, plan.every.count());
}

}  // namespace

std::vector<ServiceFile> systemd_units(const ServicePlan& plan, const fs::path& folder) {
  std::vector<ServiceFile> files{{folder / (plan.name + ".service"), service_unit(plan)}};
  if (plan.timer) files.push_back({folder / (plan.name + ".timer"), timer_unit(plan)});
  return files;
}

}  // namespace paymentctl
