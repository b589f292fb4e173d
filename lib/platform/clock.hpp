#pragma once

#include <chrono>

#include "model/date.hpp"

namespace paymentctl {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// A moment as the wall clock of the machine's time zone shows it.
struct LocalTime {
  Date date;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

/// The time comes in from outside, so that a test can hold it.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
  [[nodiscard]] virtual LocalTime local(Timestamp moment) const = 0;
};

/// The machine's clock and time zone.
const Clock& system_clock();

}  // namespace paymentctl
