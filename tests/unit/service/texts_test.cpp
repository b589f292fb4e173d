#include <catch2/catch.hpp>

#include "model/error.hpp"
#include "platform/command_line.hpp"
#include "platform/paths.hpp"
#include "service/service_plan.hpp"

namespace paymentctl {
namespace {

ServicePlan usual_plan() {
  ServicePlan plan;
  plan.name = "paymentctl";
  plan.program = "/usr/bin/paymentctl";
  plan.boxes = {"/etc/paymentctl/fio.xml"};
  plan.every = std::chrono::minutes(10);
  plan.description = "paymentctl: bank notices of fio";
  plan.writable = {"/srv/payments/archive", "/srv/payments"};
  return plan;
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST_CASE("a unit runs the boxes again and again and may write what box.xml says") {
  ServicePlan plan = usual_plan();
  plan.user = "ucetni";
  const auto files = systemd_units(plan, "/etc/systemd/system");
  REQUIRE(files.size() == 1);
  CHECK(files[0].path == "/etc/systemd/system/paymentctl.service");
  const std::string& text = files[0].text;
  for (const char* line :
       {"Description=paymentctl: bank notices of fio", "User=ucetni", "ProtectSystem=strict",
        "ExecStart=/usr/bin/paymentctl run --config /etc/paymentctl/fio.xml --every",
        "ReadWritePaths=/srv/payments/archive", "ReadWritePaths=/srv/payments", "ProtectHome=yes",
        "PrivateTmp=yes", "NoNewPrivileges=yes", "Restart=on-failure",
        "WantedBy=multi-user.target"}) {
    INFO(line << "\n" << text);
    CHECK(has_line(text, line));
  }
  plan.every_given = true;
  CHECK(systemd_units(plan, "").front().text.find(" --every=600s\n") != std::string::npos);
}

TEST_CASE("with a timer each run is a service of its own") {
  ServicePlan plan = usual_plan();
  plan.timer = true;
  const auto files = systemd_units(plan, "/etc/systemd/system");
  REQUIRE(files.size() == 2);
  CHECK(has_line(files[0].text, "Type=oneshot"));
  CHECK(files[0].text.find("--every") == std::string::npos);
  CHECK(files[0].text.find("WantedBy") == std::string::npos);
  CHECK(files[1].path == "/etc/systemd/system/paymentctl.timer");
  CHECK(has_line(files[1].text, "OnUnitActiveSec=600"));
  CHECK(has_line(files[1].text, "WantedBy=timers.target"));
}

TEST_CASE(
    "a user of systemd's own making has a folder for its state, and secrets are handed over") {
  ServicePlan plan = usual_plan();
  plan.dynamic_user = true;
  plan.credentials = {{"pop3Password", "/etc/paymentctl/fio password"}};
  const std::string text = systemd_units(plan, "").front().text;
  CHECK(has_line(text, "DynamicUser=yes"));
  CHECK(has_line(text, "StateDirectory=paymentctl"));
  CHECK(text.find("ReadWritePaths") == std::string::npos);
  CHECK(has_line(text, "LoadCredential=pop3Password:/etc/paymentctl/fio password"));
}

TEST_CASE("a personal unit has only the fences that a user may put up") {
  ServicePlan plan = usual_plan();
  plan.personal = true;
  const std::string text = systemd_units(plan, "").front().text;
  CHECK(has_line(text, "WantedBy=default.target"));
  CHECK(has_line(text, "NoNewPrivileges=yes"));
  for (const char* word : {"User=", "ProtectSystem", "PrivateTmp", "network-online"}) {
    CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("a folder at home or for temporary files stays within reach") {
  ServicePlan plan = usual_plan();
  plan.boxes = {"/home/eva/platby/box.xml"};
  plan.writable = {"/tmp/eml"};
  const std::string text = systemd_units(plan, "").front().text;
  CHECK(has_line(text, "ProtectHome=read-only"));
  CHECK(has_line(text, "PrivateTmp=no"));
}

TEST_CASE("blanks, quotes and signs of the unit's own language in a path stay part of the path") {
  ServicePlan plan = usual_plan();
  plan.boxes = {path_from_utf8("/srv/100 % \"Účty\" $HOME/box.xml")};
  plan.writable = {path_from_utf8("/srv/100 % \"Účty\" $HOME")};
  const std::string text = systemd_units(plan, "").front().text;
  CHECK(text.find(R"(--config "/srv/100 %% \"Účty\" $$HOME/box.xml" --every)") !=
        std::string::npos);
  CHECK(has_line(text, R"(ReadWritePaths='/srv/100 %% "Účty" $HOME')"));
}

TEST_CASE("several boxes run side by side") {
  ServicePlan plan = usual_plan();
  plan.boxes = {"/a.xml", "/b.xml", "/c.xml"};
  CHECK(plan.arguments(false) == std::vector<std::string>{"run", "--config", "/a.xml", "--config",
                                                          "/b.xml", "--config", "/c.xml", "--jobs",
                                                          "3"});
}

TEST_CASE(
    "cron gets a line where minutes and hours divide evenly, and a reason where they do not") {
  struct Case {
    int seconds;
    const char* times;
  };
  for (const Case& each :
       {Case{60, "* * * * *"}, Case{600, "*/10 * * * *"}, Case{1800, "*/30 * * * *"},
        Case{3600, "0 * * * *"}, Case{7200, "0 */2 * * *"}, Case{86400, "0 6 * * *"}}) {
    ServicePlan plan = usual_plan();
    plan.every = std::chrono::seconds(each.seconds);
    const ServiceFile file = cron_file(plan, "/etc/cron.d");
    CHECK(file.path == "/etc/cron.d/paymentctl");
    CHECK(has_line(file.text, std::string(each.times) +
                                  " root /usr/bin/paymentctl run --config /etc/paymentctl/fio.xml "
                                  "--quiet >/dev/null"));
  }
  for (const int seconds : {30, 90, 420, 5400, 36'000, 172'800}) {
    ServicePlan plan = usual_plan();
    plan.every = std::chrono::seconds(seconds);
    CHECK_THROWS_AS(cron_file(plan, ""), Error);
  }
  ServicePlan plan = usual_plan();
  plan.personal = true;
  plan.boxes = {"/srv/50% O'Neil/box.xml"};
  CHECK(cron_file(plan, "").text.find(
            R"(* /usr/bin/paymentctl run --config '/srv/50'\%' O'\''Neil/box.xml')") !=
        std::string::npos);
}

TEST_CASE("a line for Windows is taken apart into the same words again") {
  CHECK(
      windows_command_line({R"(C:\Program Files\p.exe)", "run", R"(say "a\")", R"(D:\x y\)", ""}) ==
      R"("C:\Program Files\p.exe" run "say \"a\\\"" "D:\x y\\" "")");
}

TEST_CASE("what is written for Windows names account, program and arguments") {
  ServicePlan plan = usual_plan();
  plan.program = "C:/Program Files/paymentctl/paymentctl.exe";
  plan.boxes = {path_from_utf8("D:/Účty & spol/box.xml")};
  const std::string task = scheduled_task(plan, "").text;
  CHECK(task.find("<UserId>S-1-5-18</UserId>") != std::string::npos);
  CHECK(task.find("<Interval>PT600S</Interval>") != std::string::npos);
  CHECK(task.find("<Arguments>run --config \"D:/Účty &amp; spol/box.xml\" --quiet</Arguments>") !=
        std::string::npos);
  const std::string service = windows_service_commands(plan).text;
  CHECK(service.find("start= auto obj= \"LocalSystem\"") != std::string::npos);
  CHECK(service.find(R"(--every --as-service paymentctl")") != std::string::npos);
}

}  // namespace
}  // namespace paymentctl
