#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "ledger/ledger.hpp"

namespace paymentctl {

/// Which worker has a box's turn, kept in the ledger so that workers on several machines agree.
/// Every moment is the database's, so their clocks need not.

/// The epoch grows with each owner: a worker that was thought dead and comes back finds another
/// one, whatever it believes of the time.
struct Lease {
  BoxKey box;
  std::string owner;
  std::int64_t epoch = 0;
};

/// What is asked of a box's turn.
struct LeaseWish {
  std::string owner;                ///< this worker's name, different from every other's
  std::chrono::seconds length{60};  ///< without a renewal another worker may take over after it
  std::chrono::seconds rest{0};     ///< not sooner than so long after the turn before began
};

struct LeaseAnswer {
  std::optional<Lease> lease;    ///< absent while another worker has the turn, or the box rests
  std::chrono::seconds wait{0};  ///< then: not worth asking again sooner
  std::string owner;             ///< then: who had the turn last
};
LeaseAnswer take_lease(Ledger& ledger, BoxKey box, const LeaseWish& wish);

/// False when another worker has taken over; then nothing is changed.
bool renew_lease(Ledger& ledger, const Lease& lease, std::chrono::seconds length);

/// Another worker need not wait for the end of a lease that is given back.
void give_back_lease(Ledger& ledger, const Lease& lease);

/// From now on every transaction and every reading() of this connection begins by looking whether
/// the turn is still ours: Error(temporary) when another worker has taken over. A transaction that
/// stands still for `length`, its process suspended or its machine gone, is ended by the server.
void hold_lease(Ledger& ledger, const Lease& lease, std::chrono::seconds length);

}  // namespace paymentctl
