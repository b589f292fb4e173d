#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace paymentctl {

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
