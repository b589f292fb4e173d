#include "match/match.hpp"

#include <algorithm>
#include <tuple>

#include "match/rules.hpp"
#include "match/words.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_candidates = 20;

std::string nothing_fits(const Case& match) {
  const Payment& payment = match.payment;
  const std::string sum = money(payment.amount, payment.currency);
  if (match.foreign_symbol) {
    return "VS " + payment.variable_symbol->str() +
           " belongs to no document, and the counter-account is no known partner's with a document "
           "over " +
           sum;
  }
  const std::string why = payment.variable_symbol ? "the symbol of a card payment says nothing"
                                                  : "the payment has no variable symbol";
  if (!payment.counterparty.account) return why + ", and no counter-account is known";
  if (match.owners.empty()) {
    return why + ", and account " + payment.counterparty.account->str() + " is no known partner's";
  }
  return why + ", and no open document of the owner of account " +
         payment.counterparty.account->str() + " owes " + sum;
}

}  // namespace

AmountRange exact_range(const Case& match) {
  const Amount one = Amount::from_minor(1);
  return {std::max(one, match.payment.amount - match.settings.tolerance),
          match.payment.amount + match.settings.tolerance};
}

MatchResult settled(const Case& match, MatchStatus status, MatchRule rule,
                    const std::vector<Document>& documents, std::string why) {
  MatchResult result;
  result.status = status;
  result.rule = rule;
  result.why = std::move(why);
  result.unallocated = match.payment.amount;
  for (const Document& document : documents) {
    const Amount part = std::min(document.outstanding, result.unallocated);
    result.allocations.push_back({ref_of(document), part});
    result.unallocated -= part;
  }
  return result;
}

MatchResult unmatched(const Case& match, const std::vector<Document>& candidates, std::string why) {
  MatchResult result;
  result.unallocated = match.payment.amount;
  for (const Document& document : candidates) {
    if (result.candidates.size() == most_candidates) break;
    result.candidates.push_back(ref_of(document));
  }
  result.why = std::move(why);
  return result;
}

MatchResult ambiguous(const Case& match, std::optional<MatchRule> rule,
                      const std::vector<Document>& candidates, std::string why) {
  MatchResult result = unmatched(match, candidates, std::move(why));
  result.status = MatchStatus::ambiguous;
  result.rule = rule;
  return result;
}

void sort_by_due(std::vector<Document>& documents) {
  const auto order = [](const Document& document) {
    return std::make_tuple(!document.due_on, document.due_on, !document.issued_on,
                           document.issued_on, std::string_view(document.number));
  };
  std::sort(documents.begin(), documents.end(),
            [&order](const Document& a, const Document& b) { return order(a) < order(b); });
}

bool of_one_partner(const std::vector<Document>& documents) {
  const std::string key = documents.front().partner.key();
  return documents.size() == 1 ||
         (!key.empty() &&
          std::all_of(documents.begin(), documents.end(),
                      [&](const auto& document) { return document.partner.key() == key; }));
}

bool owned_by(const Document& document, const std::vector<std::string>& owners) {
  return std::find(owners.begin(), owners.end(), document.partner.key()) != owners.end();
}

std::optional<Document> only_answer(const Case& match, std::vector<Document> fitting) {
  if (fitting.empty() || fitting.size() >= DocumentFinder::enough) return std::nullopt;
  // To the hellér is better than within the tolerance.
  if (std::any_of(fitting.begin(), fitting.end(), [&](const Document& document) {
        return document.outstanding == match.payment.amount;
      })) {
    std::erase_if(fitting, [&](const Document& document) {
      return document.outstanding != match.payment.amount;
    });
  }
  if (!of_one_partner(fitting)) return std::nullopt;
  const Amount owed = fitting.front().outstanding;
  const bool equal = std::all_of(fitting.begin(), fitting.end(), [&](const Document& document) {
    return document.outstanding == owed;
  });
  if (!equal) return std::nullopt;
  sort_by_due(fitting);
  return fitting.front();
}

MatchResult match_payment(const Payment& payment, DocumentFinder& documents,
                          const MatchSettings& settings) {
  Case match{payment, documents, settings, {}, {}, false};
  if (!payment.amount.is_payable()) return unmatched(match, {}, "nothing was paid");
  if (payment.counterparty.account) match.owners = documents.owners(*payment.counterparty.account);

  if (Answer answer = match_by_symbol(match)) return *std::move(answer);
  if (settings.symbol_rules_only) {
    return unmatched(
        match, {},
        "no document has the payment's symbol; another notice of the same movement may "
        "still bring one, so the other rules wait");
  }
  for (const auto rule : {match_by_account, match_by_message, match_by_sum}) {
    if (Answer answer = rule(match)) return *std::move(answer);
  }
  return unmatched(match, {}, nothing_fits(match));
}

bool still_holds(const MatchResult& result, const Payment& payment,
                 const std::vector<Document>& documents, const MatchSettings& settings) {
  if (result.allocations.empty()) {
    return result.status == MatchStatus::unmatched || result.status == MatchStatus::ambiguous;
  }
  if (documents.size() != result.allocations.size()) return false;
  Amount sum = result.unallocated;
  if (sum.is_negative()) return false;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Document& document = documents[i];
    const Amount part = result.allocations[i].amount;
    if (settled_by(document.kind) != payment.direction || document.currency != payment.currency ||
        !part.is_payable() || part > document.outstanding) {
      return false;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (result.allocations[j].document == result.allocations[i].document) return false;
    }
    sum += part;
    const bool settles = document.outstanding - part <= settings.tolerance;
    if (result.status == MatchStatus::partially_paid ? settles : !settles) return false;
  }
  if (sum != payment.amount) return false;
  switch (result.status) {
    case MatchStatus::paid:
      return result.unallocated <= settings.tolerance;
    case MatchStatus::partially_paid:
      return documents.size() == 1 && result.unallocated.is_zero();
    case MatchStatus::overpaid:
      return result.unallocated > settings.tolerance;
    case MatchStatus::ambiguous:
    case MatchStatus::unmatched:
      return false;
  }
  return false;
}

}  // namespace paymentctl
