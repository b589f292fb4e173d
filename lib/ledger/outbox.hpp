#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

/// Whose addresses a mail goes to is looked up in box.xml when it is sent, by this kind.
enum class OutboxKind { payment, correction, digest, error };
/// `refused`: the mail server will never take it (5xx); `status` shows it, nobody tries again.
enum class OutboxState { waiting, sent, withdrawn, refused };

std::string_view name_of(OutboxKind kind);
std::string_view name_of(OutboxState state);

struct OutboxEntry {
  std::int64_t id = 0;
  OutboxKind kind = OutboxKind::payment;
  std::string cause;  ///< what it tells about; a second entry with one cause is never made
  std::string subject;
  std::string text;
  std::string message_id;  ///< without angle brackets; the same at every try
  OutboxState state = OutboxState::waiting;
  int tries = 0;
  std::string last_error;
  Timestamp written_at{};
  Timestamp next_try{};
};

/// Changes nothing when there is an entry with that cause already. `state`, `tries` and `id` of
/// `entry` are not looked at.
void put_outbox(Ledger& ledger, BoxKey box, const OutboxEntry& entry);

/// What waits and whose next try is not after `now`, by id above `after`, oldest first.
std::vector<OutboxEntry> due_outbox(Ledger& ledger, BoxKey box, Timestamp now, std::int64_t after,
                                    int limit);
/// All that waits, due or not; by id above `after`.
std::vector<OutboxEntry> waiting_outbox(Ledger& ledger, BoxKey box, std::int64_t after, int limit);

/// What waits although it was written before `untried`, or was tried in vain and written before
/// `tried`; with the error of one of them.
struct OverdueOutbox {
  std::int64_t count = 0;
  std::string last_error;
};
OverdueOutbox overdue_outbox(Ledger& ledger, BoxKey box, Timestamp tried, Timestamp untried);

void outbox_sent(Ledger& ledger, BoxKey box, std::int64_t id, Timestamp now);
/// Counts the try and sets the next one; the pause between tries is the caller's.
void outbox_failed(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& error,
                   Timestamp next_try);
/// Counts the try and gives up for good.
void outbox_refused(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& error,
                    Timestamp now);
/// What was refused for good waits again, as if it had never been tried; how many there are.
std::int64_t retry_refused_outbox(Ledger& ledger, BoxKey box, Timestamp now);
/// The one that was written last, in whatever state.
std::optional<OutboxEntry> latest_outbox(Ledger& ledger, BoxKey box, OutboxKind kind);
/// Only what waits can be withdrawn; false otherwise.
bool withdraw_outbox(Ledger& ledger, BoxKey box, std::int64_t id, Timestamp now);

}  // namespace paymentctl
