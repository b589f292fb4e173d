#include <fmt/format.h>

#include "platform/command_line.hpp"
#include "platform/paths.hpp"
#include "service/service_plan.hpp"
#include "service/xml_text.hpp"

namespace paymentctl {

ServiceFile scheduled_task(const ServicePlan& plan, const std::filesystem::path& folder) {
  std::vector<std::string> words = plan.arguments(false);
  words.emplace_back("--quiet");
  const std::string user = plan.user.empty() ? "S-1-5-18" : plan.user;  // LocalSystem
  const std::string text = fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- {} -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{}</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Repetition>
        <Interval>PT{}S</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <Enabled>true</Enabled>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{}</UserId>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT12H</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{}</Command>
      <Arguments>{}</Arguments>
    </Exec>
  </Actions>
</Task>
)",
      service_mark(), xml_text(plan.description), plan.every.count(), xml_text(user),
      xml_text(utf8_of(plan.program)), xml_text(windows_command_line(words)));
  return {folder / (plan.name + ".xml"), text};
}

ServiceFile windows_service_commands(const ServicePlan& plan) {
  std::vector<std::string> words{utf8_of(plan.program)};
  for (std::string& argument : plan.arguments(true)) words.push_back(std::move(argument));
  words.emplace_back("--as-service");
  words.push_back(plan.name);
  const std::string binary = windows_command_line(words);
  const std::string account = plan.user.empty() ? "LocalSystem" : plan.user;
  return {{},
          fmt::format("rem {}\nsc.exe create {} binPath= {} start= auto obj= \"{}\" DisplayName= "
                      "\"{}\"\nsc.exe description {} \"{}\"\nsc.exe failure {} reset= 86400 "
                      "actions= restart/30000/restart/60000/restart/300000\nsc.exe start {}\n",
                      service_mark(), plan.name, windows_command_line({binary}), account, plan.name,
                      plan.name, plan.description, plan.name, plan.name)};
}

}  // namespace paymentctl
