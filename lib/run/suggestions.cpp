#include "run/suggestions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/documents.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

bool is_same_symbol(const Payment& payment, const Document& document) {
  if (!payment.variable_symbol || !document.variable_symbol) return false;
  return Symbol::parse(*document.variable_symbol) == payment.variable_symbol;
}

std::string evidence(const PaymentRow& row, const Document& document,
                     const std::vector<std::string>& owners) {
  const Payment& payment = row.payment;
  std::vector<std::string> reasons;
  if (is_same_symbol(payment, document)) reasons.emplace_back("same VS");
  if (document.currency != payment.currency) {
    reasons.push_back(
        fmt::format("in {}, the payment in {}", document.currency.code(), payment.currency.code()));
  } else if (document.outstanding == row.unallocated) {
    reasons.emplace_back("owes exactly this");
  }
  if (std::find(owners.begin(), owners.end(), document.partner.key()) != owners.end()) {
    reasons.emplace_back("the account is the partner's");
  }
  if (document.partner.name && document.partner.name == payment.counterparty.name) {
    reasons.emplace_back("same name");
  }
  if (payment.message && payment.message->find(document.number) != std::string::npos) {
    reasons.emplace_back("the message names it");
  }
  if (document.outstanding.is_zero()) {
    reasons.push_back(fmt::format("{}, owes nothing", name_of(document.status)));
  }
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace

std::vector<Suggestion> suggestions_for(Ledger& ledger, BoxKey box, const PaymentRow& row,
                                        std::size_t most) {
  const Payment& payment = row.payment;
  const auto finder = document_finder(ledger, box);
  std::vector<std::string> owners;
  if (payment.counterparty.account) owners = finder->owners(*payment.counterparty.account);

  std::vector<Suggestion> found;
  const auto add = [&](const Document& document) {
    const bool is_new = std::none_of(found.begin(), found.end(), [&](const Suggestion& each) {
      return ref_of(each.document) == ref_of(document);
    });
    if (!is_new) return;
    found.push_back({document, evidence(row, document, owners),
                     document.currency == payment.currency && !document.outstanding.is_zero()});
  };
  for (const DocumentRef& candidate : row.candidates) {
    if (const auto document = find_document(ledger, box, candidate)) add(document->document);
  }
  if (payment.variable_symbol) {
    for (const Document& each :
         finder->open_with_symbol(payment.direction, *payment.variable_symbol)) {
      add(each);
    }
  }
  const AmountRange anything{Amount::from_minor(1), Amount::from_minor(Amount::largest)};
  for (const std::string& owner : owners) {
    for (const Document& each :
         finder->open_of_partner(payment.direction, owner, payment.currency, anything)) {
      add(each);
    }
  }
  std::stable_partition(found.begin(), found.end(),
                        [](const Suggestion& each) { return each.possible; });
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace paymentctl
