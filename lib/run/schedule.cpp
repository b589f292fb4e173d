#include "run/schedule.hpp"

#include <algorithm>

namespace paymentctl {

Schedule::Schedule(std::size_t boxes, Moment start) : entries_(boxes) {
  for (Entry& entry : entries_) entry.due = start;
}

const Schedule::Entry* Schedule::earliest() const {
  const Entry* first = nullptr;
  for (const Entry& entry : entries_) {
    if (entry.state == State::waiting && (first == nullptr || entry.due < first->due)) {
      first = &entry;
    }
  }
  return first;
}

std::optional<std::size_t> Schedule::take(Moment now) {
  const Entry* first = earliest();
  if (first == nullptr || first->due > now) return std::nullopt;
  const auto box = static_cast<std::size_t>(first - entries_.data());
  entries_[box].state = State::taken;
  entries_[box].taken = now;
  return box;
}

void Schedule::give_back(std::size_t box, Moment now, std::optional<std::chrono::seconds> pause) {
  Entry& entry = entries_.at(box);
  entry.state = pause ? State::waiting : State::over;
  if (pause) entry.due = std::max(entry.taken + *pause, now);
}

std::optional<Schedule::Moment> Schedule::next() const {
  const Entry* first = earliest();
  return first == nullptr ? std::nullopt : std::optional(first->due);
}

bool Schedule::is_over() const {
  return std::all_of(entries_.begin(), entries_.end(),
                     [](const Entry& entry) { return entry.state == State::over; });
}

}  // namespace paymentctl
