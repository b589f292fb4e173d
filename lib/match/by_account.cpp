#include <fmt/format.h>

#include "match/rules.hpp"
#include "match/words.hpp"

namespace paymentctl {

Answer match_by_account(const Case& match) {
  const Payment& payment = match.payment;
  std::vector<Document> exact;
  for (const std::string& owner : match.owners) {
    for (Document& document : match.documents.open_of_partner(
             payment.direction, owner, payment.currency, exact_range(match))) {
      exact.push_back(std::move(document));
    }
  }
  // A symbol that nobody knows may be that of an invoice which is not here yet: only to the hellér.
  if (match.foreign_symbol) {
    std::erase_if(exact,
                  [&](const Document& document) { return document.outstanding != payment.amount; });
  }
  if (exact.empty()) return std::nullopt;

  const std::string account = payment.counterparty.account->str();
  const std::string sum = money(payment.amount, payment.currency);
  const std::string reason =
      match.foreign_symbol
          ? fmt::format("VS {} belongs to no document", payment.variable_symbol->str())
      : payment.variable_symbol ? std::string("the symbol of a card payment says nothing")
                                : std::string("no variable symbol");
  // Whose account it is must be beyond doubt: one that is known of two partners proves nothing.
  if (match.owners.size() == 1) {
    if (const auto only = only_answer(match, exact)) {
      return settled(
          match, MatchStatus::paid, MatchRule::account_amount, {*only},
          fmt::format("{}, but account {} belongs to the partner of {}, which owes {}{}", reason,
                      account, named(*only), money(only->outstanding, only->currency),
                      exact.size() > 1 ? "; of several equal ones it is due first" : ""));
    }
  }
  return ambiguous(
      match, MatchRule::account_amount, exact,
      fmt::format("{}; account {} and {} fit {}{}", reason, account, sum, named(exact),
                  match.owners.size() > 1 ? ", but the account is known of more than one partner"
                                          : " equally well"));
}

}  // namespace paymentctl
