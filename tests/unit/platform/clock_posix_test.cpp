#ifndef _WIN32
#include <cstdlib>
#include <ctime>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "platform/clock.hpp"

namespace paymentctl {
namespace {

/// The zone of the process for as long as it lives; written out, so that no zone files are needed.
class Zone {
 public:
  explicit Zone(const char* rule) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    set(rule);
  }
  ~Zone() {
    if (before_.empty()) {
      ::unsetenv("TZ");
      ::tzset();
    } else {
      set(before_.c_str());
    }
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

 private:
  static void set(const char* rule) {
    ::setenv("TZ", rule, 1);
    ::tzset();
  }
  std::string before_;
};

TEST_CASE("local time follows the rules of Central Europe through both changes of 2026") {
  const Zone prague("CET-1CEST,M3.5.0,M10.5.0/3");
  const auto shown = [](unsigned month, unsigned day, int hour, int minute) {
    const LocalTime local = system_clock().local(
        std::chrono::sys_days(std::chrono::year(2026) / std::chrono::month(month) /
                              std::chrono::day(day)) +
        std::chrono::hours(hour) + std::chrono::minutes(minute));
    return fmt::format("{} {:02}:{:02}", local.date.iso(), local.hour, local.minute);
  };
  CHECK(shown(3, 29, 0, 59) == "2026-03-29 01:59");
  CHECK(shown(3, 29, 1, 0) == "2026-03-29 03:00");
  CHECK(shown(10, 25, 0, 59) == "2026-10-25 02:59");
  CHECK(shown(10, 25, 1, 0) == "2026-10-25 02:00");
  CHECK(shown(10, 25, 2, 0) == "2026-10-25 03:00");
  CHECK(shown(12, 31, 23, 30) == "2027-01-01 00:30");
}

}  // namespace
}  // namespace paymentctl
#endif
