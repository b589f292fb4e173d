#pragma once

#include <optional>
#include <vector>

#include "ledger/payments.hpp"
#include "post/post.hpp"

namespace paymentctl {

/// How surely two tellings of equal account, direction, currency and amount are one movement.
enum class Agreement {
  none,          ///< a reference, a symbol or the counter-account says that they are two
  nothing_said,  ///< neither has a symbol, and not both a counter-account: a fee, a card
  counterparty,  ///< the counter-account; not both have a symbol
  symbol,
  reference,  ///< the bank's own, which decides alone
};

/// `facts` are those of the notice's format.
Agreement agreement(const Payment& statement, const Payment& notice, const TwinFacts& facts);

/// Which side `payment` of best_pair() is; the candidates are the other one.
enum class TellingSide { statement, notice };

struct MovementPair {
  PaymentRow row;
  Agreement agreement = Agreement::none;
};

/// Of the candidates the one that agrees most, then the one booked on the nearest day, then the
/// oldest; nullopt when none agrees. `settings` know the facts of the notice's format.
std::optional<MovementPair> best_pair(const PostSettings& settings, const Payment& payment,
                                      TellingSide side, std::vector<PaymentRow> candidates);

}  // namespace paymentctl
