#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/documents.hpp"
#include "ledger/outbox.hpp"

namespace paymentctl {

/// What changes by hand; every function that writes belongs within Ledger::transaction().

struct AllocationRow {
  DocumentRow document;  ///< as it is now
  Amount amount;
  int position = 0;
  std::int64_t pairing = 0;  ///< the notification "payment:ID:paired:PAIRING" tells of it
};

/// In the order in which they were made.
std::vector<AllocationRow> allocations_of(Ledger& ledger, std::int64_t payment);

/// Takes an allocation off its document, which owes the amount again, and what was written off
/// too. Answers the document afterwards.
Document release(Ledger& ledger, std::int64_t payment, const AllocationRow& allocation);

/// Allocations of one notification get another.
void renumber_pairing(Ledger& ledger, std::int64_t payment, std::int64_t from, std::int64_t to);

/// Whether the rules may settle this document by this payment, or a person said no.
void forbid_match(Ledger& ledger, std::int64_t payment, std::int64_t document);
void allow_match(Ledger& ledger, std::int64_t payment, std::int64_t document);
bool is_forbidden_match(Ledger& ledger, std::int64_t payment, const DocumentRow& document);

/// Something new is there to be matched: what waits is tried again.
void raise_revision(Ledger& ledger, BoxKey box);

/// Cancels a document of which nothing is paid; Error(data) when something is.
Document cancel(Ledger& ledger, const DocumentRow& document);

/// The notification with that cause, of whatever box of the company.
struct BoxOutboxEntry {
  BoxKey box;
  std::int64_t id = 0;
  OutboxState state = OutboxState::waiting;
};
std::optional<BoxOutboxEntry> outbox_of_company(Ledger& ledger, BoxKey box,
                                                const std::string& cause);

}  // namespace paymentctl
