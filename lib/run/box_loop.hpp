#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "run/schedule.hpp"

namespace paymentctl {

/// Runs boxes as they become due, several at once, until all are done for good or a stop is asked
/// for; runs that have begun are waited for.
class BoxLoop {
 public:
  /// One run of a box. Answers the pause until its next one, from beginning to beginning; nullopt:
  /// it does not run again. What it throws ends the loop.
  using Work = std::function<std::optional<std::chrono::seconds>(std::size_t box)>;

  /// `at_rest` is called each time that no box runs any more and none is due, before waiting for
  /// the next one; boxes that become due meanwhile do not wait for it.
  explicit BoxLoop(
      Work work, std::function<void()> at_rest = [] {})
      : work_(std::move(work)), at_rest_(std::move(at_rest)) {}

  /// `jobs` boxes at once at most, 1 or more. Throws the first thing that the work threw.
  void run(std::size_t boxes, std::size_t jobs, const std::stop_token& stop);

 private:
  void serve(Schedule& schedule, const std::stop_token& stop);

  Work work_;
  std::function<void()> at_rest_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::exception_ptr failure_;
  std::size_t running_ = 0;
  bool is_at_rest_ = false;
  std::uint64_t changes_ = 0;  ///< of the schedule, so that nobody sleeps through one
};

}  // namespace paymentctl
