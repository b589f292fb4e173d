#pragma once

#include "ledger/outbox.hpp"
#include "post/post.hpp"

namespace paymentctl {

/// Puts the words about a pairing into the box's outbox, where somebody is to be told. `pairing` is
/// that of the settlement's allocations.
void write_notification(Ledger& ledger, const PostSettings& settings, BoxKey box,
                        const Settlement& settlement, std::int64_t pairing);

/// The same for what was taken off after it was told.
void write_correction(Ledger& ledger, const PostSettings& settings, BoxKey box,
                      const Correction& correction, std::int64_t pairing);

/// The cause under which the outbox keeps the notification of a pairing.
std::string cause_of_pairing(std::int64_t payment, std::int64_t pairing);

}  // namespace paymentctl
