#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

namespace paymentctl {

/// The first `limit` rows, by id, of several states. Each is asked for by itself, since an index
/// gives the rows of one state in their order and of several in none: a page out of a million rows
/// would sort them all.
template <typename State, typename Select>
auto page_of_several(const std::vector<State>& states, int limit, Select&& select)
    -> decltype(select(states.front())) {
  decltype(select(states.front())) page;
  for (const State state : states) {
    auto rows = select(state);
    page.insert(page.end(), std::make_move_iterator(rows.begin()),
                std::make_move_iterator(rows.end()));
  }
  const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
  std::sort(page.begin(), page.end(), by_id);
  // A state that is named twice gives its rows twice.
  const auto same = [](const auto& a, const auto& b) { return a.id == b.id; };
  page.erase(std::unique(page.begin(), page.end(), same), page.end());
  if (page.size() > static_cast<std::size_t>(limit)) {
    page.erase(page.begin() + limit, page.end());
  }
  return page;
}

}  // namespace paymentctl
