#pragma once

#include <string>
#include <vector>

#include "ledger/payments.hpp"
#include "model/document.hpp"

namespace paymentctl {

/// A document that a person may want to settle by a payment, with the evidence.
struct Suggestion {
  Document document;
  std::string why;        ///< "same VS; owes exactly this"; empty where nothing speaks for it
  bool possible = false;  ///< of the payment's currency, and something is owed
};

/// What the rules named, then open documents with the payment's symbol, then those of the partners
/// who own its counter-account. At most `most`, those that are possible first.
std::vector<Suggestion> suggestions_for(Ledger& ledger, BoxKey box, const PaymentRow& payment,
                                        std::size_t most);

}  // namespace paymentctl
