#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.hpp"
#include "ledger/messages.hpp"
#include "ledger/payments.hpp"

namespace paymentctl {

/// How much waits for the next run or for a person, for `status` and the daily digest. What has
/// come to its end is not counted: there are years of it. A state that nothing is in is absent.
struct WaitingCounts {
  std::map<std::string, std::int64_t> messages;  ///< by name of MessageState, of this box
  std::map<std::string, std::int64_t> payments;  ///< by name of PaymentStatus, of the company
  std::map<std::string, std::int64_t> outbox;    ///< by name of OutboxState, of this box
};
WaitingCounts count_waiting(Ledger& ledger, BoxKey box);
std::int64_t waiting_notifications(Ledger& ledger, BoxKey box);

/// Something that waits: for the next run or for a person.
struct WaitingThing {
  std::string what;  ///< "mail 4", "payment 17", "notification 3"
  Timestamp since{};
};
/// What has waited longest: a mail of this box that is fetched, unrecognised, quarantined or
/// failed, a payment of the company that is unmatched or ambiguous, an entry of this box's outbox.
std::optional<WaitingThing> oldest_waiting(Ledger& ledger, BoxKey box);

/// Notifications that a mail server refused for good.
struct RefusedMails {
  std::int64_t count = 0;
  Timestamp since{};       ///< of the first one
  std::string last_error;  ///< of the latest
};
std::optional<RefusedMails> refused_mails(Ledger& ledger, BoxKey box);

/// Something that is kept for good: who did what, when and why. `subject` is "payment:17",
/// "document:issued_invoice:130100024", "message:4" and the like.
struct JournalEntry {
  std::int64_t id = 0;
  Timestamp at{};
  std::string who;
  std::string subject;
  std::string what;
  std::string why;
};
void add_journal(Ledger& ledger, BoxKey box, const JournalEntry& entry);
/// Of one subject, oldest first.
std::vector<JournalEntry> journal_of(Ledger& ledger, BoxKey box, const std::string& subject);

/// A run as `status` shows it.
struct RunRecord {
  std::int64_t id = 0;
  Timestamp started{};
  Timestamp ended{};
  int exit_code = 0;
  std::string summary;            ///< one line
  std::string error;              ///< empty when all went well
  std::chrono::seconds every{0};  ///< a service repeats it so often; 0: it was started once
};
void record_run(Ledger& ledger, BoxKey box, const RunRecord& run);
/// When the latest run ended that ended with 0; nullopt: none did.
std::optional<Timestamp> latest_success(Ledger& ledger, BoxKey box);
/// When the first of all runs began.
std::optional<Timestamp> first_run(Ledger& ledger, BoxKey box);
/// The latest first.
std::vector<RunRecord> latest_runs(Ledger& ledger, BoxKey box, int limit);

/// Every guarantee that the ledger gives, checked row by row for one company; each sentence names a
/// row that breaks one. At most `limit` sentences; none is what should come out.
std::vector<std::string> check_ledger(Ledger& ledger, BoxKey box, int limit = 100);

}  // namespace paymentctl
