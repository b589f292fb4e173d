#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace paymentctl {

/// Waits until `is_over` says true, which is asked whenever `changed` is notified; until `latest`,
/// if given; or until `stop` is asked for. What `is_over` says in the end. As
/// std::condition_variable_any::wait_until, which may wait for ever on Windows.
template <typename IsOver>
bool wait_unless_stopped(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
                         const std::stop_token& stop,
                         std::optional<std::chrono::steady_clock::time_point> latest,
                         const IsOver& is_over) {
#ifdef __MINGW32__
  // A stop calls back whoever waits for it. Where the system has no futex, libstdc++ 12 sleeps for
  // ever when the wait ends just then: the destructor of std::stop_callback loses the wake-up. So
  // nobody is called back, and the token is looked at ten times a second.
  using Steady = std::chrono::steady_clock;
  const auto until = latest.value_or(Steady::time_point::max());
  for (auto now = Steady::now(); !is_over() && !stop.stop_requested() && now < until;
       now = Steady::now()) {
    changed.wait_until(lock, std::min(until, now + std::chrono::milliseconds(100)));
  }
  return is_over();
#else
  return latest ? changed.wait_until(lock, stop, *latest, is_over)
                : changed.wait(lock, stop, is_over);
#endif
}

/// Sleeps, unless `stop` is asked for. Whether it was.
bool sleep_unless_stopped(const std::stop_token& stop, std::chrono::milliseconds time);

/// A stop that has to come to an end: whoever works looks at the token and finishes what is in
/// hand. If this still lives `longest` after the stop was asked for, `too_late` is called on a
/// thread of its own, and has to end the program.
class StopDeadline {
 public:
  StopDeadline(std::stop_token stop, std::chrono::milliseconds longest,
               std::function<void()> too_late);
  ~StopDeadline();
  StopDeadline(const StopDeadline&) = delete;
  StopDeadline& operator=(const StopDeadline&) = delete;

 private:
  void watch(const std::stop_token& stop, std::chrono::milliseconds longest,
             const std::function<void()>& too_late);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_over_ = false;
  std::thread watcher_;
};

}  // namespace paymentctl
