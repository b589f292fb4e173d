#include "run/box_loop.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "platform/stop.hpp"

namespace paymentctl {

void BoxLoop::run(std::size_t boxes, std::size_t jobs, const std::stop_token& stop) {
  Schedule schedule(boxes, std::chrono::steady_clock::now());
  std::vector<std::thread> helpers;
  for (std::size_t i = 1; i < std::min(jobs, boxes); ++i) {
    helpers.emplace_back([&] { serve(schedule, stop); });
  }
  serve(schedule, stop);
  for (std::thread& helper : helpers) helper.join();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void BoxLoop::serve(Schedule& schedule, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested() && !failure_ && !schedule.is_over()) {
    const auto box = schedule.take(std::chrono::steady_clock::now());
    if (!box) {
      if (running_ == 0 && !is_at_rest_) {
        is_at_rest_ = true;
        lock.unlock();
        at_rest_();
        lock.lock();
        continue;
      }
      const auto next = schedule.next();
      const auto changed = [&, count = changes_] { return changes_ != count; };
      wait_unless_stopped(changed_, lock, stop, next, changed);
      continue;
    }
    is_at_rest_ = false;
    ++running_;
    lock.unlock();
    std::optional<std::chrono::seconds> pause;
    std::exception_ptr failure;
    try {
      pause = work_(*box);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    --running_;
    if (failure && !failure_) failure_ = failure;
    schedule.give_back(*box, std::chrono::steady_clock::now(), pause);
    ++changes_;
    changed_.notify_all();
  }
}

}  // namespace paymentctl
