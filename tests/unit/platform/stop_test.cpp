#include "platform/stop.hpp"

#include <atomic>
#include <future>

#include <catch2/catch.hpp>

namespace paymentctl {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST_CASE("a sleep ends with the stop, whether that comes before or meanwhile") {
  CHECK_FALSE(sleep_unless_stopped({}, milliseconds(1)));
  std::stop_source stop;
  CHECK_FALSE(sleep_unless_stopped(stop.get_token(), milliseconds(1)));
  auto asleep = std::async(std::launch::async,
                           [&] { return sleep_unless_stopped(stop.get_token(), hours(1)); });
  stop.request_stop();
  CHECK(asleep.get());
  CHECK(sleep_unless_stopped(stop.get_token(), hours(1)));
}

TEST_CASE("a stop that comes just when a wait ends hangs nobody") {
  for (int round = 0; round < 200; ++round) {
    std::stop_source stop;
    std::mutex mutex;
    std::condition_variable_any changed;
    bool is_over = false;
    std::thread waiter([&] {
      std::unique_lock lock(mutex);
      wait_unless_stopped(changed, lock, stop.get_token(), std::nullopt, [&] { return is_over; });
    });
    std::thread stopper([&] { stop.request_stop(); });
    {
      const std::lock_guard lock(mutex);
      is_over = true;
    }
    changed.notify_all();
    stopper.join();
    waiter.join();
  }
}

TEST_CASE("only work that goes on for too long after a stop is too late") {
  std::stop_source stop;
  std::atomic<int> too_late = 0;
  {
    const StopDeadline unasked(stop.get_token(), milliseconds(0), [&] { ++too_late; });
  }
  stop.request_stop();
  {
    const StopDeadline in_time(stop.get_token(), hours(1), [&] { ++too_late; });
  }
  CHECK(too_late == 0);
  std::promise<void> told;
  const StopDeadline slow(stop.get_token(), milliseconds(1), [&] { told.set_value(); });
  told.get_future().get();
}

}  // namespace
}  // namespace paymentctl
