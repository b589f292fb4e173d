#include "post/statement_pair.hpp"

#include <chrono>
#include <tuple>
#include <utility>

namespace paymentctl {
namespace {

/// Some banks print the card's last digits where the symbol stands.
std::optional<Symbol> symbol_of(const Payment& payment) {
  return payment.kind == PaymentKind::card ? std::nullopt : payment.variable_symbol;
}

template <typename Value>
bool differ(const std::optional<Value>& a, const std::optional<Value>& b) {
  return a && b && *a != *b;
}

}  // namespace

Agreement agreement(const Payment& statement, const Payment& notice, const TwinFacts& facts) {
  if (statement.bank_reference && notice.bank_reference && facts.numbers_movements) {
    return statement.bank_reference == notice.bank_reference ? Agreement::reference
                                                             : Agreement::none;
  }
  const auto symbol = symbol_of(statement);
  const auto told = symbol_of(notice);
  if (differ(symbol, told) || differ(statement.specific_symbol, notice.specific_symbol)) {
    return Agreement::none;
  }
  if (symbol && told) return Agreement::symbol;
  const auto& account = statement.counterparty.account;
  const auto& other = notice.counterparty.account;
  if (differ(account, other)) return Agreement::none;
  if (account && other) return Agreement::counterparty;
  // One of them knows a symbol that the other one would have stated.
  if (symbol || told) {
    return !told && !facts.states_variable_symbol ? Agreement::nothing_said : Agreement::none;
  }
  return Agreement::nothing_said;
}

std::optional<MovementPair> best_pair(const PostSettings& settings, const Payment& payment,
                                      TellingSide side, std::vector<PaymentRow> candidates) {
  const auto level = [&](const Payment& other) {
    const Payment& statement = side == TellingSide::statement ? payment : other;
    const Payment& notice = side == TellingSide::statement ? other : payment;
    return agreement(
        statement, notice,
        settings.format_facts ? settings.format_facts(notice.source.format) : TwinFacts{});
  };
  const auto rank = [&payment](const MovementPair& pair) {
    const auto apart = payment.booked_on.days() - pair.row.payment.booked_on.days();
    return std::make_tuple(pair.agreement, -std::chrono::abs(apart).count(), -pair.row.id);
  };
  std::optional<MovementPair> best;
  for (PaymentRow& row : candidates) {
    MovementPair pair{std::move(row), Agreement::none};
    pair.agreement = level(pair.row.payment);
    if (pair.agreement == Agreement::none) continue;
    if (!best || rank(pair) > rank(*best)) best = std::move(pair);
  }
  return best;
}

}  // namespace paymentctl
