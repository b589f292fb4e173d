#pragma once

#include "match/document_finder.hpp"
#include "model/match_result.hpp"

namespace paymentctl {

struct MatchSettings {
  Amount tolerance;  ///< largest difference still counted as fully paid; 0 or more
  /// Only the rules that need the payment's symbol: a payment that may still get a twin notice
  /// with symbols must not be settled by a weaker one yet.
  bool symbol_rules_only = false;
};

/// Asks the rules in their order which documents the payment settles; what they do stands in
/// README, "How a mail becomes a paid invoice". Pure but for the finder. The allocations never
/// exceed what the documents owe, and together with `unallocated` they are the payment's amount.
MatchResult match_payment(const Payment& payment, DocumentFinder& documents,
                          const MatchSettings& settings = {});

/// Whether a result is still true of these documents, in the order of its allocations: each is
/// open, of the payment's side and currency, and owes what the result's status says.
bool still_holds(const MatchResult& result, const Payment& payment,
                 const std::vector<Document>& documents, const MatchSettings& settings);

}  // namespace paymentctl
