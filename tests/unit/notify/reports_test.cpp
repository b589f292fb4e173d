#include "notify/reports.hpp"

#include <catch2/catch.hpp>

using namespace paymentctl;
using namespace std::chrono_literals;

namespace {

const Timestamp noon =
    Timestamp(std::chrono::sys_days(std::chrono::year{2026} / 8 / 24)) + std::chrono::hours(12);

std::vector<Failure> failing(const std::vector<std::string>& keys) {
  std::vector<Failure> failures;
  for (const std::string& key : keys) failures.push_back({key, {key, "why", ""}});
  return failures;
}

}  // namespace

TEST_CASE("an error is reported when it is new, then once a day, and never in a flood") {
  struct Case {
    const char* what;
    std::vector<std::string> reported;
    std::chrono::minutes age;
    std::vector<std::string> failing;
    bool due;
  };
  const std::string mail = "mail:1";
  const std::string fetch = "stage:fetch";
  const auto c = GENERATE_COPY(values<Case>({
      {"nothing fails", {}, 0min, {}, false},
      {"the first failure ever", {}, 0min, {fetch}, true},
      {"nothing fails any more", {fetch}, 48h, {}, false},
      {"the same, ten minutes later", {fetch}, 10min, {fetch}, false},
      {"the same, 23 hours later", {fetch}, 23h, {fetch}, false},
      {"the same, a day later", {fetch}, 24h, {fetch}, true},
      {"another one, ten minutes later", {fetch}, 10min, {fetch, mail}, false},
      {"another one, an hour later", {fetch}, 60min, {fetch, mail}, true},
      {"fewer", {fetch, mail}, 3h, {mail}, false},
      {"another in its place", {fetch}, 3h, {mail}, true},
      {"the clock was set back", {fetch}, -5h, {fetch, mail}, true},
      {"the clock was set back, the same", {fetch}, -5h, {fetch}, false},
  }));
  INFO(c.what);
  const LastReport last{report_keys(failing(c.reported)), noon - c.age};
  CHECK(report_is_due(failing(c.failing), last, noon) == c.due);
}

TEST_CASE("what fails every ten minutes anew makes at most 24 reports a day") {
  LastReport last;
  int reports = 0;
  for (int run = 0; run < 144; ++run) {
    const auto failures = failing({"mail:" + std::to_string(run)});
    const Timestamp now = noon + run * 10min;
    if (!report_is_due(failures, last, now)) continue;
    ++reports;
    last = {report_keys(failures), now};
  }
  CHECK(reports == 24);
}

TEST_CASE("a report's cause keeps what it told about") {
  const std::string keys = report_keys(failing({"b", "a", "b"}));
  CHECK(keys == report_keys(failing({"a", "b"})));
  CHECK(keys_of_cause(report_cause(noon, keys)) == keys);
  CHECK(report_cause(noon, keys) != report_cause(noon + 1s, keys));
  CHECK(keys_of_cause("digest:2026-08-24").empty());
  CHECK(keys_of_cause("error:").empty());
  CHECK(digest_cause(*Date::from(2026, 8, 24)) == "digest:2026-08-24");
}

TEST_CASE("thousands of failing mails make a cause of bounded size") {
  std::vector<std::string> keys;
  for (int i = 0; i < 5000; ++i) keys.push_back(std::to_string(i));
  const auto failures = failing(keys);
  const LastReport last{report_keys(failures), noon - 3h};
  CHECK(last.keys.size() < 7000);
  CHECK_FALSE(report_is_due(failures, last, noon));
}
