#include "platform/stop.hpp"

#include <utility>

namespace paymentctl {

bool sleep_unless_stopped(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any nobody;
  std::unique_lock lock(mutex);
  wait_unless_stopped(nobody, lock, stop, std::chrono::steady_clock::now() + time,
                      [] { return false; });
  return stop.stop_requested();
}

StopDeadline::StopDeadline(std::stop_token stop, std::chrono::milliseconds longest,
                           std::function<void()> too_late)
    : watcher_([this, stop = std::move(stop), longest, too_late = std::move(too_late)] {
        watch(stop, longest, too_late);
      }) {}

StopDeadline::~StopDeadline() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  watcher_.join();
}

void StopDeadline::watch(const std::stop_token& stop, std::chrono::milliseconds longest,
                         const std::function<void()>& too_late) {
  std::unique_lock lock(mutex_);
  const auto is_over = [this] { return is_over_; };
  if (wait_unless_stopped(changed_, lock, stop, std::nullopt, is_over)) return;
  if (changed_.wait_for(lock, longest, is_over)) return;
  too_late();
}

}  // namespace paymentctl
