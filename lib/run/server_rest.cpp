#include "run/server_rest.hpp"

#include <algorithm>

namespace paymentctl {
namespace {

/// One failure may be a moment's trouble of the line.
constexpr int forgiven = 1;
constexpr std::chrono::seconds shortest{30};
constexpr std::chrono::seconds longest{3600};

std::chrono::seconds rest_after(int failures) {
  const int doublings = std::min(failures - forgiven - 1, 10);
  return doublings < 0 ? std::chrono::seconds(0) : std::min(shortest * (1 << doublings), longest);
}

}  // namespace

std::optional<ServerRest::Rest> ServerRest::rest(const std::string& server, Moment now) {
  const std::lock_guard lock(mutex_);
  const auto found = servers_.find(server);
  if (found == servers_.end() || found->second.failures <= forgiven) return std::nullopt;
  Server& known = found->second;
  if (now < known.next_try) {
    return Rest{known.failures, std::chrono::ceil<std::chrono::seconds>(known.next_try - now)};
  }
  if (known.is_being_tried) return Rest{known.failures, std::chrono::seconds(0)};
  known.is_being_tried = true;
  return std::nullopt;
}

void ServerRest::answered(const std::string& server) {
  const std::lock_guard lock(mutex_);
  servers_.erase(server);
}

void ServerRest::failed(const std::string& server, Moment began, Moment now) {
  const std::lock_guard lock(mutex_);
  Server& known = servers_[server];
  if (known.failures > 0 && began < known.last_failure) return;
  ++known.failures;
  known.last_failure = now;
  known.next_try = now + rest_after(known.failures);
  known.is_being_tried = false;
}

}  // namespace paymentctl
