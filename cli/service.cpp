#include <map>
#include <utility>

#include <fmt/format.h>

#include "commands.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/terminal.hpp"
#include "run/doctor.hpp"
#include "service/installer.hpp"
#include "service/plan_service.hpp"

namespace paymentctl::cli {
namespace {

const std::map<std::string, ServiceKind> service_kinds = {{"systemd", ServiceKind::systemd},
                                                          {"launchd", ServiceKind::launchd},
                                                          {"cron", ServiceKind::cron},
                                                          {"task", ServiceKind::task_scheduler},
                                                          {"windows", ServiceKind::windows}};

struct ServiceArguments {
  ServiceWish wish;
  bool user_given = false;
  std::string root;
  std::string print;
  bool dry_run = false;
};

ServicePlace place_of(Session& session, const ServiceArguments& arguments) {
  ServicePlace place;
  place.kind = arguments.print.empty() ? kind_of_this_machine() : service_kinds.at(arguments.print);
  place.personal = arguments.wish.personal;
  if (const auto home = environment_variable("HOME")) place.home = path_from_utf8(*home);
  if (place.personal && place.home.empty()) {
    throw Error(ExitCode::usage, "--user alone installs into your home, and HOME is not set");
  }
  place.root = path_from_utf8(arguments.root);
  place.dry_run = arguments.dry_run;
  place.run = [](const std::vector<std::string>& words) {
    return run_program(words, 64u << 10, std::chrono::seconds(90));
  };
  place.tell = [&session](const std::string& sentence) { session.log.info(sentence); };
  return place;
}

std::vector<Box> read_all(Session& session) {
  std::vector<Box> boxes;
  for (const auto& file : session.box_files()) boxes.push_back(read_box(file));
  check_distinct(boxes);
  return boxes;
}

/// A service that cannot work is worse than none: nobody looks at it.
void demand_health(Session& session, const ServicePlan& plan, const std::vector<Box>& boxes) {
  std::vector<std::string> faults = obstacles_of(plan, boxes);
  const auto secrets = system_secrets();
  for (const Box& box : boxes) {
    std::vector<Finding> findings = examine_box(box, *secrets);
    for (Finding& each : examine_servers({box, *secrets, session.clock, false}, false)) {
      findings.push_back(std::move(each));
    }
    for (const Finding& each : findings) {
      if (each.verdict != Verdict::problem) continue;
      faults.push_back(fmt::format("{}: {}: {}{}{}", display(box.file), each.subject, each.what,
                                   each.advice.empty() ? "" : "; ", each.advice));
    }
  }
  if (faults.empty()) return;
  throw Error(ExitCode::config,
              fmt::format("{}\nnothing was installed; correct this, look again with: paymentctl "
                          "doctor",
                          fmt::join(faults, "\n")));
}

void print_files(Session& session, const std::vector<ServiceFile>& files) {
  for (const ServiceFile& file : files) {
    if (files.size() > 1) session.out.write("# " + display(file.path) + "\n");
    session.out.write(file.text);
  }
}

ExitCode install(Session& session, const ServiceArguments& arguments) {
  const std::vector<Box> boxes = read_all(session);
  const ServicePlace place = place_of(session, arguments);
  const ServicePlan plan = plan_service(boxes, arguments.wish, place.kind, own_program());
  if (!arguments.print.empty()) {
    print_files(session, service_files(plan, place));
    return ExitCode::ok;
  }
  demand_health(session, plan, boxes);
  install_service(plan, place);
  return ExitCode::ok;
}

ExitCode uninstall(Session& session, const ServiceArguments& arguments) {
  if (!uninstall_service(arguments.wish.name, place_of(session, arguments))) {
    session.log.info("there is no service " + arguments.wish.name);
  }
  return ExitCode::ok;
}

ExitCode show_service(Session& session, const ServiceArguments& arguments) {
  const Json status = service_status(arguments.wish.name, place_of(session, arguments));
  print_object(session.out, session.format(), status);
  return status["running"] == true ? ExitCode::ok : ExitCode::attention;
}

void add_place(CLI::App& command, const std::shared_ptr<ServiceArguments>& arguments) {
  command.add_option("--name", arguments->wish.name, "Of the service [paymentctl]")
      ->type_name("NAME");
  command.add_option("--root", arguments->root, "Into this tree instead of the running system")
      ->type_name("DIR");
  command
      .add_option_function<std::string>(
          "--user",
          [arguments](const std::string& name) {
            arguments->wish.user = name;
            arguments->wish.personal = name.empty();
          },
          "Runs as this user; without a name: your own service, in your session")
      ->type_name("NAME")
      ->expected(0, 1);
}

}  // namespace

void add_install_service(CommandLine& line) {
  const auto arguments = kept<ServiceArguments>();
  CLI::App& command = line.add(
      line.app(),
      {"install-service", "Lets the system run the boxes from now on, and after each start",
       "paymentctl install-service -c /etc/paymentctl/box.xml\n"
       "paymentctl install-service -c box.xml --timer --every 15m --user ucetni\n"
       "paymentctl install-service -c box.xml --print cron"},
      [arguments](Session& session) { return install(session, *arguments); });
  add_place(command, arguments);
  command
      .add_option_function<std::string>(
          "--every",
          [arguments](const std::string& text) { arguments->wish.every = every_from(text); },
          "Between two runs, such as 90s, 10m, 1h [pollMinutes]")
      ->type_name("TIME");
  command.add_flag("--timer", arguments->wish.timer,
                   "systemd: a timer starts each run, nothing runs in between");
  command
      .add_option("--print", arguments->print,
                  "Print what would be written: systemd, launchd, cron, task or windows")
      ->type_name("KIND")
      ->check(CLI::IsMember({"systemd", "launchd", "cron", "task", "windows"}));
  command.add_flag("--dry-run", arguments->dry_run, "Tell what would be done, and do nothing");
  line.add_config(command, true);
}

void add_uninstall_service(CommandLine& line) {
  const auto arguments = kept<ServiceArguments>();
  CLI::App& command =
      line.add(line.app(),
               {"uninstall-service", "Stops the service and removes it; boxes and ledger stay",
                "paymentctl uninstall-service --name paymentctl"},
               [arguments](Session& session) { return uninstall(session, *arguments); });
  add_place(command, arguments);
  command.add_flag("--dry-run", arguments->dry_run, "Tell what would be done, and do nothing");
}

void add_service_status(CommandLine& line) {
  const auto arguments = kept<ServiceArguments>();
  CLI::App& command =
      line.add(line.app(),
               {"service-status", "Whether the service is there and runs; exit code 1 when not",
                "paymentctl service-status --name paymentctl"},
               [arguments](Session& session) { return show_service(session, *arguments); });
  add_place(command, arguments);
  line.add_format(command);
}

}  // namespace paymentctl::cli
