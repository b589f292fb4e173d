#include <algorithm>

#include <fmt/format.h>

#include "match/rules.hpp"
#include "match/words.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_symbol = 10;

/// What these partners owe to the hellér, but for one document.
std::vector<Document> others_owing_exactly(const Case& match,
                                           const std::vector<std::string>& partners,
                                           const Document& but) {
  const Payment& payment = match.payment;
  std::vector<Document> found;
  for (const std::string& partner : partners) {
    for (Document& other : match.documents.open_of_partner(payment.direction, partner,
                                                           payment.currency, exact_range(match))) {
      if (ref_of(other) != ref_of(but)) found.push_back(std::move(other));
    }
  }
  return found;
}

std::vector<Document> with_first(const Document& first, std::vector<Document> others) {
  others.insert(others.begin(), first);
  return others;
}

std::string account_words(const Case& match) {
  return fmt::format(
      "account {} {}", match.payment.counterparty.account->str(),
      match.owners.empty() ? "has paid for another partner before" : "belongs to another partner");
}

}  // namespace

std::vector<std::string> one_slip_from(const std::string& symbol) {
  std::vector<std::string> found;
  const auto add = [&](std::string text) {
    text.erase(0, std::min(text.find_first_not_of('0'), text.size()));
    if (!text.empty() && text.size() <= longest_symbol && text != symbol) {
      found.push_back(std::move(text));
    }
  };
  for (std::size_t at = 0; at <= symbol.size(); ++at) {
    const std::string before = symbol.substr(0, at);
    const std::string after = symbol.substr(at);
    for (char digit = '0'; digit <= '9'; ++digit) {
      add(before + digit + after);
      if (!after.empty()) add(before + digit + after.substr(1));
    }
    if (!after.empty()) add(before + after.substr(1));
    if (after.size() > 1) add(before + after[1] + after[0] + after.substr(2));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::optional<Doubt> doubt_exact(const Case& match, const Document& document) {
  const Payment& payment = match.payment;
  const std::string beginning =
      fmt::format("VS {} and {} fit {}", payment.variable_symbol->str(),
                  money(payment.amount, payment.currency), named(document));
  const std::string partner = document.partner.key();
  if (document.outstanding != payment.amount && !partner.empty()) {
    // Within the tolerance is not as good as to the hellér.
    std::vector<Document> others = others_owing_exactly(match, {partner}, document);
    std::erase_if(others,
                  [&](const Document& other) { return other.outstanding != payment.amount; });
    if (!others.empty()) {
      return Doubt{with_first(document, others),
                   fmt::format("{} within the tolerance, but {} of the same partner to the "
                               "hellér: the symbol may be mistyped",
                               beginning, named(others))};
    }
  }
  if (match.payers.empty() || owned_by(document, match.payers)) return std::nullopt;
  const std::vector<Document> others = others_owing_exactly(match, match.payers, document);
  if (others.empty()) {
    // A customer pays from whatever account; our own money went where the account is.
    if (payment.direction != Direction::outgoing || match.owners.empty()) return std::nullopt;
    return Doubt{{document}, fmt::format("{}, but {}", beginning, account_words(match))};
  }
  return Doubt{with_first(document, others),
               fmt::format("{}, but {}, who owes the same for {}: the symbol may be mistyped",
                           beginning, account_words(match), named(others))};
}

std::optional<Doubt> doubt_other_amount(const Case& match, const Document& document) {
  const Payment& payment = match.payment;
  const std::string sum = money(payment.amount, payment.currency);
  const std::string beginning =
      fmt::format("VS {} is that of {}, which owes {}", payment.variable_symbol->str(),
                  named(document), money(document.outstanding, document.currency));
  const auto owes_exactly = [&](const std::vector<Document>& others, std::string_view whose) {
    return Doubt{with_first(document, others),
                 fmt::format("{}; but {}, {}, owes exactly {}: the symbol may be mistyped",
                             beginning, named(others.front()), whose, sum)};
  };
  if (const auto others = others_owing_exactly(match, match.payers, document); !others.empty()) {
    return owes_exactly(others, match.owners.empty() ? "of whom the counter-account has paid for"
                                                     : "of the owner of the counter-account");
  }
  const std::string partner = document.partner.key();
  if (!partner.empty()) {
    const auto others = others_owing_exactly(match, {partner}, document);
    if (!others.empty()) return owes_exactly(others, "of the same partner");
  }
  if (owned_by(document, match.payers)) return std::nullopt;
  if (!match.owners.empty()) {
    return Doubt{{document},
                 fmt::format("{} and not {}, and {}", beginning, sum, account_words(match))};
  }
  // Nobody vouches for the symbol: a neighbour of the symbol is as good as the symbol.
  const auto neighbours = match.documents.open_with_symbols(
      payment.direction, one_slip_from(payment.variable_symbol->str()), payment.currency,
      exact_range(match));
  if (neighbours.empty()) return std::nullopt;
  return owes_exactly(neighbours, "whose symbol differs by one slip of the finger");
}

}  // namespace paymentctl
