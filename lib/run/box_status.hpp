#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/status.hpp"
#include "model/json.hpp"

namespace paymentctl {

/// How a box is doing, for `status`.
struct BoxStatus {
  std::optional<RunRecord> last_run;
  LedgerCounts counts;
  std::optional<WaitingThing> oldest;
  std::optional<RefusedMails> refused;
  std::vector<std::string> attention;  ///< why a person is needed, one sentence each
  std::vector<std::string> warnings;   ///< what works and should be better, one sentence each
  Timestamp now{};
};

/// Reads the ledger alone. A person is needed for: a last run that failed; mails that are
/// unrecognised, quarantined or failed (the latest 20 with their reason); payments that are
/// unmatched or ambiguous; a mail that the mail server refused; a mail that waits in the outbox for
/// over an hour after a try in vain, or for over a day.
BoxStatus status_of_box(Ledger& ledger, BoxKey box, Timestamp now);

Json to_json(const BoxStatus& status);

/// "3 days", "5 hours", "20 minutes": in the largest unit of which there is more than one.
std::string age_text(Timestamp since, Timestamp now);

}  // namespace paymentctl
