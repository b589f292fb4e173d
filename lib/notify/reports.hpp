#pragma once

#include <string>
#include <vector>

#include "notify/texts.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

/// Something that fails, by a name that stays the same while it lasts: "stage:fetch",
/// "mail:SHA256".
struct Failure {
  std::string key;
  FailedItem item;
};

/// The last error report, which is all that has to be remembered: `keys` is what it told about, as
/// report_keys() made them; empty where there was none.
struct LastReport {
  std::string keys;
  Timestamp written_at{};
};

/// The failures as a text for LastReport: sorted short digests apart by commas, at most 500.
std::string report_keys(const std::vector<Failure>& failures);

/// Whether an error report is to be written now: for something that the last report did not tell
/// of, but not within an hour of it; for what still lasts, a day after it. Every report tells of
/// all that fails.
bool report_is_due(const std::vector<Failure>& failures, const LastReport& last, Timestamp now);

/// The cause of the digest of that day in the outbox: one a day.
std::string digest_cause(Date day);
/// The cause of an error report, and back what the next report must know of it. Anything else as a
/// cause gives an empty text.
std::string report_cause(Timestamp now, const std::string& keys);
std::string keys_of_cause(const std::string& cause);

}  // namespace paymentctl
