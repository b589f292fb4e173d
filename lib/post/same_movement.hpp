#pragma once

#include "model/payment.hpp"
#include "post/post.hpp"

namespace paymentctl {

/// How far apart two tellings of one movement may be dated.
inline constexpr int days_apart = 5;

/// How two notices that may tell of one movement are related.
enum class Telling {
  different,      ///< two movements, or nothing says that they are one
  same,           ///< a bank reference or the balance says that they are one
  same_by_twins,  ///< formats that tell one movement twice, and everything both state is equal
};

/// Compares two payments of the same own account, direction, amount and currency from two mails.
/// One movement needs proof: see Telling.
Telling compare_movements(const Payment& a, const TwinFacts& facts_a, const Payment& b,
                          const TwinFacts& facts_b);

/// Whether two notices on different days may be one movement: all that both state is equal, the
/// balance too, but one of them does not state the day. An account that is emptied every day looks
/// like that as well, so only a person can tell.
bool may_be_repeated(const Payment& a, const TwinFacts& facts_a, const Payment& b,
                     const TwinFacts& facts_b);

}  // namespace paymentctl
