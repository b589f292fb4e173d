#include "run/prometheus.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "../ledger/scratch.hpp"

namespace paymentctl {
namespace {

TEST_CASE("the numbers of a status stand in the text format of Prometheus") {
  BoxStatus status;
  status.now = at_noon();
  status.last_run = RunRecord{};
  status.last_run->ended = at_noon() - std::chrono::minutes(1);
  status.last_run->exit_code = 69;
  status.last_success = at_noon() - std::chrono::hours(1);
  status.oldest = WaitingThing{"mail 4", at_noon() - std::chrono::minutes(5)};
  status.counts.messages["unrecognised"] = 2;
  status.attention = {"somebody look"};
  const std::string text = prometheus_text("A \"B\" \\ C", "fio", status);
  const std::string labels = R"({company="A \"B\" \\ C",box="fio")";
  const auto noon =
      std::chrono::duration_cast<std::chrono::seconds>(at_noon().time_since_epoch()).count();
  for (const std::string& line : std::vector<std::string>{
           "# TYPE paymentctl_needs_a_person gauge", "paymentctl_needs_a_person" + labels + "} 1",
           "paymentctl_last_run_exit_code" + labels + "} 69",
           "paymentctl_last_success_timestamp_seconds" + labels + "} " +
               std::to_string(noon - 3600),
           "paymentctl_oldest_waiting_seconds" + labels + "} 300",
           "paymentctl_mails" + labels + ",state=\"unrecognised\"} 2",
           "paymentctl_mails" + labels + ",state=\"failed\"} 0"}) {
    INFO(line << "\n" << text);
    CHECK(("\n" + text).find("\n" + line + "\n") != std::string::npos);
  }
  CHECK(text.find("token_worked") == std::string::npos);
}

}  // namespace
}  // namespace paymentctl
