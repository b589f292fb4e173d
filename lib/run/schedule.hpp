#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace paymentctl {

/// Which boxes are due, by a clock that never jumps. Boxes are numbered from 0; the schedule knows
/// nothing else of them, no time of its own and no threads.
class Schedule {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// All `boxes` are due at `start`.
  Schedule(std::size_t boxes, Moment start);

  /// The box that has been due for longest; from now on it is taken. nullopt when none is.
  std::optional<std::size_t> take(Moment now);

  /// A taken box is done. It is due again `pause` after it was taken, at once where its run took
  /// longer; without a pause never.
  void give_back(std::size_t box, Moment now, std::optional<std::chrono::seconds> pause);

  /// When the next box that is not taken becomes due; nullopt when there is none.
  [[nodiscard]] std::optional<Moment> next() const;

  /// Nothing will ever be due again.
  [[nodiscard]] bool is_over() const;

 private:
  enum class State { waiting, taken, over };
  struct Entry {
    State state = State::waiting;
    Moment due{};
    Moment taken{};
  };
  [[nodiscard]] const Entry* earliest() const;
  std::vector<Entry> entries_;
};

}  // namespace paymentctl
