#include "post/same_movement.hpp"

#include <algorithm>

namespace paymentctl {
namespace {

bool are_twins(const Payment& a, const TwinFacts& facts_a, const Payment& b,
               const TwinFacts& facts_b) {
  const auto names = [](const TwinFacts& facts, const std::string& format) {
    return std::find(facts.twins.begin(), facts.twins.end(), format) != facts.twins.end();
  };
  return names(facts_a, b.source.format) || names(facts_b, a.source.format);
}

/// "14:05" and "14:05:33" are told apart no further than both are printed.
bool times_agree(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  if (!a || !b) return true;
  const std::size_t common = std::min(a->size(), b->size());
  return a->substr(0, common) == b->substr(0, common);
}

/// Everything but the day that both bodies state is equal.
bool members_agree(const Payment& a, const TwinFacts& facts_a, const Payment& b,
                   const TwinFacts& facts_b) {
  if (facts_a.states_time && facts_b.states_time && !times_agree(a.booked_time, b.booked_time)) {
    return false;
  }
  if (a.counterparty.account != b.counterparty.account) return false;
  const auto symbols_agree = [&](bool TwinFacts::*stated, std::optional<Symbol> Payment::*symbol) {
    return !(facts_a.*stated) || !(facts_b.*stated) || a.*symbol == b.*symbol;
  };
  return symbols_agree(&TwinFacts::states_variable_symbol, &Payment::variable_symbol) &&
         symbols_agree(&TwinFacts::states_constant_symbol, &Payment::constant_symbol) &&
         symbols_agree(&TwinFacts::states_specific_symbol, &Payment::specific_symbol);
}

/// Notices of one format or of twins.
bool may_meet(const Payment& a, const TwinFacts& facts_a, const Payment& b,
              const TwinFacts& facts_b) {
  const bool same_format = !a.source.format.empty() && a.source.format == b.source.format;
  return same_format || are_twins(a, facts_a, b, facts_b);
}

}  // namespace

bool may_be_repeated(const Payment& a, const TwinFacts& facts_a, const Payment& b,
                     const TwinFacts& facts_b) {
  const bool is_day_told = facts_a.states_date && facts_b.states_date;
  const bool two_numbers = a.bank_reference && b.bank_reference;
  return a.booked_on != b.booked_on && !is_day_told && !two_numbers && a.balance &&
         a.balance == b.balance && may_meet(a, facts_a, b, facts_b) &&
         members_agree(a, facts_a, b, facts_b);
}

Telling compare_movements(const Payment& a, const TwinFacts& facts_a, const Payment& b,
                          const TwinFacts& facts_b) {
  if (!may_meet(a, facts_a, b, facts_b)) return Telling::different;
  const bool both_numbered = a.bank_reference && b.bank_reference;
  if (both_numbered && a.bank_reference != b.bank_reference) return Telling::different;
  if (both_numbered && facts_a.numbers_movements && facts_b.numbers_movements) return Telling::same;
  if (a.booked_on != b.booked_on || !members_agree(a, facts_a, b, facts_b)) {
    return Telling::different;
  }
  // After +100 and -100 the same balance comes again, so an equal one proves nothing by itself.
  if (a.balance && b.balance) {
    return a.balance == b.balance ? Telling::same : Telling::different;
  }
  if (both_numbered) return Telling::same;
  return are_twins(a, facts_a, b, facts_b) ? Telling::same_by_twins : Telling::different;
}

}  // namespace paymentctl
