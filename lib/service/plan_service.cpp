#include "service/plan_service.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "config/oauth_file.hpp"
#include "model/ascii.hpp"
#include "model/error.hpp"
#include "platform/access.hpp"
#include "platform/accounts.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

namespace fs = std::filesystem;

void check_name(const std::string& name) {
  const bool good =
      !name.empty() && name.size() <= 64 && ascii::is_letter(name.front()) &&
      std::all_of(name.begin(), name.end(), [](char c) {
        return ascii::is_letter(c) || ascii::is_digit(c) || c == '.' || c == '_' || c == '-';
      });
  if (!good) {
    throw Error(ExitCode::usage, "--name " + name +
                                     ": up to 64 letters, digits, '.', '_' and '-' are wanted, a "
                                     "letter first");
  }
}

std::vector<fs::path> written_by(const Box& box) {
  std::vector<fs::path> folders{box.archive_dir};
  if (!box.ledger_is_url()) folders.push_back(path_from_utf8(box.ledger).parent_path());
  if (box.eml_dir) folders.push_back(*box.eml_dir);
  return folders;
}

bool uses_oauth(const Box& box) {
  return (box.pop3 && box.pop3->oauth) || (box.smtp && box.smtp->oauth);
}

/// Every file that the box reads while it runs, besides its secrets.
std::vector<fs::path> read_by(const Box& box) {
  std::vector<fs::path> files{box.file};
  if (uses_oauth(box)) files.push_back(box.oauth_file());
  return files;
}

/// Every secret that the box reads while it runs.
std::vector<SecretSource> secrets_of(const Box& box) {
  std::vector<SecretSource> sources;
  for (const auto* server : {&box.pop3, &box.smtp}) {
    if (*server && !(*server)->oauth && (*server)->password) {
      sources.push_back(*(*server)->password);
    }
  }
  if (!uses_oauth(box)) return sources;
  try {
    sources.push_back(read_oauth_file(box.oauth_file()).client_secret);
  } catch (const Error&) {
    return sources;  // doctor tells
  }
  return sources;
}

bool lies_below(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

/// Whether a user who owns nothing on the machine could do it.
bool fits_dynamic_user(const std::vector<Box>& boxes, const fs::path& state) {
  const Account anybody{"nobody", 65534, 65534};
  return std::all_of(boxes.begin(), boxes.end(), [&](const Box& box) {
    const auto folders = written_by(box);
    const auto files = read_by(box);
    return !box.ledger_is_url() &&
           std::all_of(
               files.begin(), files.end(),
               [&](const fs::path& file) { return account_may(anybody, Wish::read, file); }) &&
           std::all_of(folders.begin(), folders.end(),
                       [&](const fs::path& folder) { return lies_below(folder, state); });
  });
}

/// The kind's default where nobody is named.
void choose_user(ServicePlan& plan, const std::vector<Box>& boxes, ServiceKind kind) {
  if (plan.personal || !plan.user.empty()) return;
  if (kind != ServiceKind::systemd && kind != ServiceKind::launchd && kind != ServiceKind::cron) {
    return;
  }
  plan.dynamic_user =
      kind == ServiceKind::systemd && fits_dynamic_user(boxes, fs::path("/var/lib") / plan.name);
  if (plan.dynamic_user) return;
  const auto owner = owner_of(boxes.front().file);
  if (owner && owner->user != 0) plan.user = owner->name;
}

void add_places(ServicePlan& plan, const std::vector<Box>& boxes) {
  for (const Box& box : boxes) {
    for (const fs::path& folder : written_by(box)) {
      fs::path there = nearest_folder(folder);
      if (std::find(plan.writable.begin(), plan.writable.end(), there) == plan.writable.end()) {
        plan.writable.push_back(std::move(there));
      }
    }
  }
  // The keys of two boxes have the same names, and so would their credentials.
  if (boxes.size() != 1) return;
  for (const SecretSource& source : secrets_of(boxes.front())) {
    if (source.kind != SecretSource::Kind::file) continue;
    plan.credentials.emplace_back(source.key, path_from_utf8(source.where));
  }
}

}  // namespace

ServicePlan plan_service(const std::vector<Box>& boxes, const ServiceWish& wish, ServiceKind kind,
                         const fs::path& program) {
  check_name(wish.name);
  if (wish.timer && kind != ServiceKind::systemd) {
    throw Error(ExitCode::usage,
                "--timer is for systemd; cron and the Task Scheduler start one "
                "run after the other anyway");
  }
  ServicePlan plan;
  plan.name = wish.name;
  plan.program = program;
  plan.timer = wish.timer;
  plan.personal = wish.personal;
  plan.user = wish.user;
  if (kind == ServiceKind::windows && wish.user == "virtual")
    plan.user = "NT SERVICE\\" + wish.name;
  plan.every_given = wish.every.has_value();
  std::string names;
  int minutes = boxes.front().poll_minutes;
  for (const Box& box : boxes) {
    plan.boxes.push_back(box.file);
    names += (names.empty() ? "" : ", ") + box.name;
    minutes = std::min(minutes, box.poll_minutes);
  }
  plan.every = wish.every.value_or(std::chrono::minutes(minutes));
  plan.description = "paymentctl: bank notices of " + names;
  choose_user(plan, boxes, kind);
  add_places(plan, boxes);
  return plan;
}

std::vector<std::string> obstacles_of(const ServicePlan& plan, const std::vector<Box>& boxes) {
  std::vector<std::string> found;
  for (const Box& box : boxes) {
    for (const SecretSource& source : secrets_of(box)) {
      if (source.kind != SecretSource::Kind::environment) continue;
      found.push_back(
          fmt::format("{}: {} is env:{}, and a service does not get your environment; "
                      "use file:PATH",
                      display(box.file), source.key, source.where));
    }
  }
  if (plan.user.empty() || plan.personal) return found;
  const auto account = find_account(plan.user);
  if (!account) {
    found.push_back(
        fmt::format("there is no user {}; create it, or name another with --user", plan.user));
    return found;
  }
  const auto demand = [&](Wish wish, const fs::path& path) {
    if (account_may(*account, wish, path)) return;
    found.push_back(
        fmt::format("{} may not {} {}; give it to this user, or name another with "
                    "--user",
                    plan.user, wish == Wish::read ? "read" : "write in", display(path)));
  };
  for (const Box& box : boxes) {
    for (const fs::path& file : read_by(box)) demand(Wish::read, file);
  }
  for (const fs::path& folder : plan.writable) demand(Wish::write, folder);
  return found;
}

}  // namespace paymentctl
