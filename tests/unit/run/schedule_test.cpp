#include "run/schedule.hpp"

#include <catch2/catch.hpp>

namespace paymentctl {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Schedule::Moment start{};

TEST_CASE("every box is due at the start, in order, and each is given out once") {
  Schedule schedule(3, start);
  CHECK(schedule.next() == start);
  CHECK(schedule.take(start) == 0U);
  CHECK(schedule.take(start) == 1U);
  CHECK(schedule.take(start) == 2U);
  CHECK_FALSE(schedule.take(start));
  CHECK_FALSE(schedule.next());
  CHECK_FALSE(schedule.is_over());
}

TEST_CASE("a box is due again one pause after its run began") {
  Schedule schedule(1, start);
  schedule.take(start);
  schedule.give_back(0, start + seconds(40), minutes(10));
  CHECK(schedule.next() == start + minutes(10));
  CHECK_FALSE(schedule.take(start + minutes(10) - seconds(1)));
  CHECK(schedule.take(start + minutes(10)) == 0U);
}

TEST_CASE("a run that takes longer than the pause is followed at once, and no run is made up for") {
  Schedule schedule(1, start);
  schedule.take(start);
  schedule.give_back(0, start + minutes(35), minutes(10));
  CHECK(schedule.take(start + minutes(35)) == 0U);
  schedule.give_back(0, start + minutes(36), minutes(10));
  CHECK(schedule.next() == start + minutes(45));
}

TEST_CASE("of several due boxes the one that waits longest comes first") {
  Schedule schedule(2, start);
  schedule.take(start);
  schedule.take(start);
  schedule.give_back(0, start, minutes(10));
  schedule.give_back(1, start, minutes(5));
  CHECK(schedule.take(start + minutes(11)) == 1U);
  CHECK(schedule.take(start + minutes(11)) == 0U);
}

TEST_CASE("a box without a pause is never due again") {
  Schedule schedule(2, start);
  schedule.take(start);
  schedule.take(start);
  schedule.give_back(0, start, std::nullopt);
  CHECK_FALSE(schedule.is_over());
  schedule.give_back(1, start, std::nullopt);
  CHECK(schedule.is_over());
  CHECK_FALSE(schedule.take(start + minutes(1000)));
}

}  // namespace
}  // namespace paymentctl
