#include "notify/reports.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_keys = 500;
constexpr auto shortest_pause = std::chrono::hours(1);
constexpr auto one_day = std::chrono::hours(24);
constexpr std::string_view report_prefix = "error:";

}  // namespace

std::string report_keys(const std::vector<Failure>& failures) {
  std::set<std::string> keys;
  for (const Failure& failure : failures) keys.insert(sha256(failure.key).substr(0, 12));
  std::string text;
  std::size_t count = 0;
  for (const std::string& key : keys) {
    if (++count > most_keys) break;
    text += (text.empty() ? "" : ",") + key;
  }
  return text;
}

bool report_is_due(const std::vector<Failure>& failures, const LastReport& last, Timestamp now) {
  if (failures.empty()) return false;
  if (last.keys.empty()) return true;
  const auto age = now - last.written_at;
  if (age >= one_day) return true;
  // a clock that was set back must not silence us for ever
  if (age >= std::chrono::hours(0) && age < shortest_pause) return false;
  const std::string keys = report_keys(failures);
  for (std::size_t at = 0; at < keys.size();) {
    const std::size_t end = std::min(keys.find(',', at), keys.size());
    if (last.keys.find(keys.substr(at, end - at)) == std::string::npos) return true;
    at = end + 1;
  }
  return false;
}

std::string digest_cause(Date day) { return "digest:" + day.iso(); }

std::string report_cause(Timestamp now, const std::string& keys) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  return fmt::format("{}{}:{}", report_prefix, seconds.count(), keys);
}

std::string keys_of_cause(const std::string& cause) {
  if (!cause.starts_with(report_prefix)) return {};
  const std::size_t at = cause.find(':', report_prefix.size());
  return at == std::string::npos ? std::string() : cause.substr(at + 1);
}

}  // namespace paymentctl
