#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/box.hpp"
#include "ledger/status.hpp"
#include "model/json.hpp"

namespace paymentctl {

/// How a box is doing, for `status`.
struct BoxStatus {
  std::optional<RunRecord> last_run;
  WaitingCounts counts;
  std::optional<Timestamp> last_success;  ///< the end of the latest run without a fault
  std::optional<WaitingThing> oldest;
  std::optional<RefusedMails> refused;
  std::optional<Timestamp> token_worked;  ///< when the token server last took the secret
  std::vector<std::string> attention;     ///< why a person is needed, one sentence each
  std::vector<std::string> warnings;      ///< what works and should be better, one sentence each
  Timestamp now{};
};

/// What the ledger does not know.
struct StatusFacts {
  /// Between two runs, where the last one was not a service's that said so itself.
  std::chrono::seconds usual_pause = std::chrono::minutes(10);
  std::optional<Timestamp> token_worked = {};
};

/// Reads the ledger alone. A person is needed for: a last run that failed; a box that has run, and
/// not well for three pauses between runs; mails that are
/// unrecognised, quarantined or failed (the latest 20 with their reason); payments that are
/// unmatched or ambiguous; a mail that the mail server refused; a mail that waits in the outbox for
/// over an hour after a try in vain, or for over a day.
BoxStatus status_of_box(Ledger& ledger, BoxKey box, Timestamp now, const StatusFacts& facts = {});

/// The same of the box's settings: pollMinutes, and the token kept beside the archive.
StatusFacts status_facts_of(const Box& box);

Json to_json(const BoxStatus& status);

/// "3 days", "5 hours", "20 minutes": in the largest unit of which there is more than one.
std::string age_text(Timestamp since, Timestamp now);

}  // namespace paymentctl
