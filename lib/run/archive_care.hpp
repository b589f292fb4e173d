#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/box.hpp"
#include "platform/clock.hpp"
#include "run/box_ledger.hpp"

namespace paymentctl {

/// Every mail of the box lies in the archive, or is kept in the ledger, with the digest under which
/// it was recorded; each sentence names one that does not, at most `limit`. A mail that
/// prune_archive() has removed is not missed.
std::vector<std::string> check_archive(BoxLedger& opened, const Box& box, int limit);

struct PruneCounts {
  std::int64_t mails = 0;
  std::uint64_t bytes = 0;  ///< of files; what the ledger kept is not counted
};

/// Removes what is left of the mails of the box that were fetched before `before` and are posted:
/// the archive's files and, in a ledger on a server, the mails kept there. Payments and the mails'
/// rows stay. Every other mail stays as it is. Broken off, it goes on at the next call.
PruneCounts prune_archive(BoxLedger& opened, const Box& box, Timestamp before);

/// "10y", "18m" or "90d" before `now`, by the calendar; nullopt for anything else and for less than
/// 30 days.
std::optional<Timestamp> moment_before(Timestamp now, std::string_view age);

}  // namespace paymentctl
