#include <algorithm>

#include <fmt/format.h>

#include "match/rules.hpp"
#include "match/words.hpp"

namespace paymentctl {
namespace {

/// Some banks print the last digits of a card where the symbol stands.
const Symbol* usable_symbol(const Payment& payment) {
  if (!payment.variable_symbol || payment.kind == PaymentKind::card) return nullptr;
  return &*payment.variable_symbol;
}

std::vector<Document> exact_among(const Case& match, const std::vector<Document>& documents) {
  const AmountRange range = exact_range(match);
  std::vector<Document> exact;
  for (const Document& document : documents) {
    if (document.outstanding >= range.least && document.outstanding <= range.most) {
      exact.push_back(document);
    }
  }
  return exact;
}

MatchResult paid(const Case& match, const Document& document, std::string_view besides) {
  const Payment& payment = match.payment;
  const std::string symbol = "VS " + payment.variable_symbol->str();
  const std::string sum = money(payment.amount, payment.currency);
  std::string why;
  if (document.outstanding == payment.amount) {
    why = fmt::format("{} and {} are exactly what {} still owes{}", symbol, sum, named(document),
                      besides);
  } else {
    why = fmt::format("{} is that of {}, which owes {}; {} is within the tolerance of {}{}", symbol,
                      named(document), money(document.outstanding, document.currency), sum,
                      match.settings.tolerance.decimal(), besides);
  }
  return settled(match, MatchStatus::paid, MatchRule::symbol_amount, {document}, std::move(why));
}

/// Several documents with this symbol owe exactly the amount, or one does while the account's owner
/// has another one with this symbol.
Answer symbol_amount(const Case& match, const std::vector<Document>& literal,
                     const std::vector<Document>& open) {
  std::vector<Document> exact = exact_among(match, literal);
  const bool is_literal = !exact.empty();
  if (!is_literal) exact = exact_among(match, open);
  if (exact.empty()) return std::nullopt;
  const std::vector<Document>& same_symbol = is_literal && !literal.empty() ? literal : open;

  const std::string symbol = match.payment.variable_symbol->str();
  const std::string sum = money(match.payment.amount, match.payment.currency);
  if (const auto only = only_answer(match, exact)) {
    std::vector<Document> of_payer = {*only};
    for (const Document& document : same_symbol) {
      if (owned_by(document, match.payers)) of_payer.push_back(document);
    }
    if (!owned_by(*only, match.payers) && of_payer.size() > 1) {
      return ambiguous(match, MatchRule::symbol_amount, of_payer,
                       fmt::format("VS {} stands on {}: the first owes {}, but the counter-account "
                                   "belongs to the partner of the other",
                                   symbol, named(of_payer), sum));
    }
    if (const auto doubt = doubt_exact(match, *only)) {
      return ambiguous(match, MatchRule::symbol_amount, doubt->candidates, doubt->why);
    }
    return paid(match, *only, exact.size() > 1 ? "; of several equal ones it is due first" : "");
  }
  std::vector<Document> of_owner;
  for (const Document& document : exact) {
    if (owned_by(document, match.owners)) of_owner.push_back(document);
  }
  if (const auto only = only_answer(match, of_owner);
      only && exact.size() < DocumentFinder::enough) {
    return paid(match, *only,
                fmt::format("; of several partners with this symbol account {} is this one's",
                            match.payment.counterparty.account->str()));
  }
  return ambiguous(match, MatchRule::symbol_amount, exact,
                   fmt::format("VS {} and {} fit {} equally well", symbol, sum, named(exact)));
}

/// One document has the symbol, but owes another amount.
MatchResult other_amount(const Case& match, const Document& document) {
  const Payment& payment = match.payment;
  const std::string symbol = payment.variable_symbol->str();
  const std::string sum = money(payment.amount, payment.currency);
  const bool over = document.outstanding < payment.amount;
  const MatchRule rule = over ? MatchRule::symbol_over : MatchRule::symbol_partial;
  const std::string owed = money(document.outstanding, document.currency);

  if (const auto doubt = doubt_other_amount(match, document)) {
    return ambiguous(match, rule, doubt->candidates, doubt->why);
  }
  if (over) {
    const Amount rest = payment.amount - document.outstanding;
    return settled(match, MatchStatus::overpaid, rule, {document},
                   fmt::format("VS {} is that of {} alone, which owes {}; of {} the rest of {} "
                               "stays unallocated",
                               symbol, named(document), owed, sum, money(rest, payment.currency)));
  }
  const Amount rest = document.outstanding - payment.amount;
  return settled(match, MatchStatus::partially_paid, rule, {document},
                 fmt::format("VS {} is that of {} alone, which owes {}; after {} it still owes {}",
                             symbol, named(document), owed, sum, money(rest, payment.currency)));
}

MatchResult owes_nothing(const Case& match, const std::vector<Document>& documents) {
  const Document& first = documents.front();
  return unmatched(match, documents,
                   fmt::format("VS {} is that of {}, which {}",
                               match.payment.variable_symbol->str(), named(documents),
                               documents.size() > 1                        ? "owe nothing any more"
                               : first.status == DocumentStatus::cancelled ? "is cancelled"
                                                                           : "is paid already"));
}

}  // namespace

Answer match_by_symbol(Case& match) {
  const Payment& payment = match.payment;
  const Symbol* symbol = usable_symbol(payment);
  if (symbol == nullptr) return std::nullopt;

  std::vector<Document> all = match.documents.open_with_symbol(payment.direction, *symbol);
  if (all.size() >= DocumentFinder::enough) {
    all.resize(5, all.front());
    return ambiguous(
        match, std::nullopt, all,
        fmt::format("VS {} stands on more open documents than can be told apart", symbol->str()));
  }
  if (all.empty()) {
    const std::vector<Document> settled_ones =
        match.documents.settled_with_symbol(payment.direction, *symbol);
    match.foreign_symbol = settled_ones.empty();
    if (match.foreign_symbol) return std::nullopt;
    return owes_nothing(match, settled_ones);
  }
  match.payers = match.owners;
  if (match.payers.empty() && payment.counterparty.account) {
    match.payers = match.documents.paid_for(*payment.counterparty.account);
  }
  std::vector<Document> open = all;
  std::erase_if(open,
                [&](const Document& document) { return document.currency != payment.currency; });
  if (open.empty()) {
    return unmatched(
        match, all,
        fmt::format("VS {} is that of {} in {}, but the payment is in {}; another currency is not "
                    "settled",
                    symbol->str(), named(all), all.front().currency.code(),
                    payment.currency.code()));
  }
  const auto is_literal = [&](const Document& document) {
    return document.variable_symbol == symbol->str();
  };
  std::vector<Document> literal;
  std::copy_if(open.begin(), open.end(), std::back_inserter(literal), is_literal);
  if (literal.empty()) {
    // The document that bears the symbol letter by letter is paid; one that bears it with leading
    // zeros is open. Which was meant, only a person can tell.
    const std::vector<Document> settled_ones =
        match.documents.settled_with_symbol(payment.direction, *symbol);
    std::vector<Document> literal_settled;
    std::copy_if(settled_ones.begin(), settled_ones.end(), std::back_inserter(literal_settled),
                 is_literal);
    const bool others = std::any_of(open.begin(), open.end(), [&](const Document& document) {
      return std::none_of(literal_settled.begin(), literal_settled.end(),
                          [&](const Document& paid_one) {
                            return paid_one.variable_symbol == document.variable_symbol;
                          });
    });
    if (!literal_settled.empty() && others) {
      literal_settled.insert(literal_settled.end(), open.begin(), open.end());
      return ambiguous(
          match, std::nullopt, literal_settled,
          fmt::format("VS {} is that of {}, which owes nothing, and with leading "
                      "zeros that of {}",
                      symbol->str(), named(literal_settled.front()), named(open.front())));
    }
  }
  if (Answer answer = symbol_amount(match, literal, open)) return answer;

  const std::vector<Document>& meant = literal.empty() ? open : literal;
  if (meant.size() == 1) return other_amount(match, meant.front());
  if (!match.settings.symbol_rules_only && of_one_partner(meant) &&
      owned_by(meant.front(), match.owners)) {
    Answer sum = match_by_sum(match);
    if (sum && !sum->allocations.empty()) return sum;
  }
  return ambiguous(
      match, std::nullopt, meant,
      fmt::format("VS {} stands on {}, and none of them owes exactly {}", symbol->str(),
                  named(meant), money(payment.amount, payment.currency)));
}

}  // namespace paymentctl
