#include <string>

#include <catch2/catch.hpp>

#include "config/box.hpp"
#include "run/fetch_side.hpp"

namespace paymentctl {
namespace {

/// The clock on the wall in Europe/Prague, where the clocks change in 2026 on 29 March and on 25
/// October, both at 01:00 UTC.
class PragueClock : public Clock {
 public:
  explicit PragueClock(Timestamp moment) : moment_(moment) {}
  [[nodiscard]] Timestamp now() const override { return moment_; }
  [[nodiscard]] LocalTime local(Timestamp when) const override {
    using namespace std::chrono;
    const auto summer_begins = sys_days(2026y / 3 / 29) + hours(1);
    const auto summer_ends = sys_days(2026y / 10 / 25) + hours(1);
    const auto shown = when + hours(when >= summer_begins && when < summer_ends ? 2 : 1);
    const year_month_day day(floor<days>(shown));
    const hh_mm_ss time(floor<seconds>(shown - floor<days>(shown)));
    return {*Date::from(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                        static_cast<unsigned>(day.day())),
            static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
            static_cast<int>(time.seconds().count())};
  }

 private:
  Timestamp moment_;
};

struct Case {
  const char* from;
  const char* to;
  unsigned month, day;
  int hour, minute;  // UTC
  bool paused;
  const char* wall;  // what the clock on the wall shows
};

// NOLINTBEGIN(readability-magic-numbers)
const Case cases[] = {
    // winter and summer, a window within a day: it holds its first minute and not its last
    {"12:00", "13:30", 1, 15, 10, 59, false, "11:59"},
    {"12:00", "13:30", 1, 15, 11, 0, true, "12:00"},
    {"12:00", "13:30", 1, 15, 12, 29, true, "13:29"},
    {"12:00", "13:30", 1, 15, 12, 30, false, "13:30"},
    {"12:00", "13:30", 7, 15, 9, 59, false, "11:59"},
    {"12:00", "13:30", 7, 15, 10, 0, true, "12:00"},
    {"12:00", "13:30", 7, 15, 11, 29, true, "13:29"},
    {"12:00", "13:30", 7, 15, 11, 30, false, "13:30"},
    // over midnight
    {"22:00", "06:00", 1, 15, 20, 59, false, "21:59"},
    {"22:00", "06:00", 1, 15, 21, 0, true, "22:00"},
    {"22:00", "06:00", 1, 15, 22, 59, true, "23:59"},
    {"22:00", "06:00", 1, 15, 23, 0, true, "0:00"},
    {"22:00", "06:00", 1, 16, 4, 59, true, "5:59"},
    {"22:00", "06:00", 1, 16, 5, 0, false, "6:00"},
    // from midnight on, as PaymentService's sample has it
    {"00:00", "06:00", 1, 15, 22, 59, false, "23:59"},
    {"00:00", "06:00", 1, 15, 23, 0, true, "0:00"},
    {"00:00", "06:00", 1, 16, 5, 0, false, "6:00"},
    // 29 March: 01:59 is followed by 03:00
    {"02:00", "03:00", 3, 29, 0, 59, false, "1:59"},
    {"02:00", "03:00", 3, 29, 1, 0, false, "3:00"},
    {"01:30", "02:30", 3, 29, 0, 30, true, "1:30"},
    {"01:30", "02:30", 3, 29, 0, 59, true, "1:59"},
    {"01:30", "02:30", 3, 29, 1, 0, false, "3:00"},
    {"02:30", "03:30", 3, 29, 0, 59, false, "1:59"},
    {"02:30", "03:30", 3, 29, 1, 0, true, "3:00"},
    {"02:30", "03:30", 3, 29, 1, 30, false, "3:30"},
    {"22:00", "06:00", 3, 28, 21, 0, true, "22:00"},
    {"22:00", "06:00", 3, 29, 0, 59, true, "1:59"},
    {"22:00", "06:00", 3, 29, 1, 0, true, "3:00"},
    {"22:00", "06:00", 3, 29, 3, 59, true, "5:59"},
    {"22:00", "06:00", 3, 29, 4, 0, false, "6:00"},
    // 25 October: 02:59 is followed by 02:00, and the hour comes again
    {"02:00", "03:00", 10, 24, 23, 59, false, "1:59"},
    {"02:00", "03:00", 10, 25, 0, 0, true, "2:00"},
    {"02:00", "03:00", 10, 25, 0, 59, true, "2:59"},
    {"02:00", "03:00", 10, 25, 1, 0, true, "2:00"},
    {"02:00", "03:00", 10, 25, 1, 59, true, "2:59"},
    {"02:00", "03:00", 10, 25, 2, 0, false, "3:00"},
    {"01:30", "02:30", 10, 25, 0, 29, true, "2:29"},
    {"01:30", "02:30", 10, 25, 0, 30, false, "2:30"},
    {"01:30", "02:30", 10, 25, 1, 0, true, "2:00"},
    {"01:30", "02:30", 10, 25, 1, 30, false, "2:30"},
    {"22:00", "06:00", 10, 24, 20, 0, true, "22:00"},
    {"22:00", "06:00", 10, 25, 0, 30, true, "2:30"},
    {"22:00", "06:00", 10, 25, 1, 30, true, "2:30"},
    {"22:00", "06:00", 10, 25, 4, 59, true, "5:59"},
    {"22:00", "06:00", 10, 25, 5, 0, false, "6:00"},
    // none
    {"06:00", "06:00", 1, 15, 5, 0, false, "6:00"},
    {"", "", 1, 15, 5, 0, false, "6:00"},
};
// NOLINTEND(readability-magic-numbers)

TEST_CASE("the mailbox is left alone from stopFrom to stopTo by the clock on the wall") {
  for (const Case& each : cases) {
    const Box box = box_from_xml(
        std::string(R"(<configuration><appSettings><add key="stopFrom" value=")") + each.from +
            R"("/><add key="stopTo" value=")" + each.to + R"("/></appSettings></configuration>)",
        "/box.xml");
    const PragueClock clock(
        std::chrono::sys_days(std::chrono::year(2026) / std::chrono::month(each.month) /
                              std::chrono::day(each.day)) +
        std::chrono::hours(each.hour) + std::chrono::minutes(each.minute));
    const LocalTime shown = clock.local(clock.now());
    INFO(each.from << " to " << each.to << ", " << shown.date.iso() << " " << each.wall);
    const std::string minute = std::to_string(shown.minute);
    CHECK(std::to_string(shown.hour) + (minute.size() == 1 ? ":0" : ":") + minute == each.wall);
    CHECK(is_in_pause(box, clock) == each.paused);
  }
}

}  // namespace
}  // namespace paymentctl
