#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/document.hpp"

namespace paymentctl {

enum class MatchStatus { paid, partially_paid, overpaid, ambiguous, unmatched };

/// In the order in which they are tried.
enum class MatchRule {
  symbol_amount,
  symbol_partial,
  symbol_over,
  account_amount,
  message_symbol,
  account_sum
};

/// The part of a payment that settles one document.
struct Allocation {
  DocumentRef document;
  Amount amount;
};

/// What the rules say about one payment. `ambiguous` and `unmatched` allocate nothing.
struct MatchResult {
  MatchStatus status = MatchStatus::unmatched;
  std::optional<MatchRule> rule;
  std::vector<Allocation> allocations;
  Amount unallocated;
  std::vector<DocumentRef> candidates;  ///< documents a person should look at
  std::string why;  ///< one sentence a bookkeeper understands, with the evidence
};

}  // namespace paymentctl
