#include <algorithm>

#include <fmt/format.h>

#include "match/rules.hpp"
#include "match/words.hpp"

namespace paymentctl {
namespace {

/// Beyond it a fitting set is not looked for: sets would fit by chance.
constexpr std::size_t most_for_any_set = 12;

Amount sum_of(const std::vector<Document>& documents) {
  Amount sum;
  for (const Document& document : documents) sum += document.outstanding;
  return sum;
}

/// Those due first that add up to the amount. Documents due on one day go together, since none of
/// them comes before the other.
std::vector<Document> due_first(const Case& match, const std::vector<Document>& by_due) {
  Amount sum;
  for (std::size_t i = 0; i < by_due.size(); ++i) {
    sum += by_due[i].outstanding;
    if (sum > match.payment.amount) break;
    const bool whole_day =
        i + 1 == by_due.size() || !by_due[i].due_on || by_due[i].due_on != by_due[i + 1].due_on;
    if (sum == match.payment.amount && whole_day && by_due[i].due_on && i > 0) {
      return {by_due.begin(), by_due.begin() + static_cast<std::ptrdiff_t>(i) + 1};
    }
  }
  return {};
}

std::vector<Document> named_in_message(const Case& match, const std::vector<Document>& documents) {
  std::vector<Document> found;
  if (!match.payment.message) return found;
  const std::vector<std::string> numbers = numbers_in(*match.payment.message);
  const auto is_named = [&](const std::string& digits) {
    return !digits.empty() && std::find(numbers.begin(), numbers.end(), digits) != numbers.end();
  };
  for (const Document& document : documents) {
    if (is_named(digits_of(document.number)) ||
        is_named(digits_of(document.variable_symbol.value_or("")))) {
      found.push_back(document);
    }
  }
  return found;
}

/// Any set that fits; only ever shown to a person.
std::vector<Document> any_set(const Case& match, const std::vector<Document>& documents) {
  if (documents.size() > most_for_any_set) return {};
  for (unsigned set = 1; set < 1U << documents.size(); ++set) {
    std::vector<Document> chosen;
    for (std::size_t i = 0; i < documents.size(); ++i) {
      if ((set >> i & 1U) != 0) chosen.push_back(documents[i]);
    }
    if (chosen.size() > 1 && sum_of(chosen) == match.payment.amount) return chosen;
  }
  return {};
}

}  // namespace

Answer match_by_sum(const Case& match) {
  const Payment& payment = match.payment;
  if (match.owners.size() != 1) return std::nullopt;
  std::vector<Document> open =
      match.documents.open_of_partner(payment.direction, match.owners.front(), payment.currency,
                                      {Amount::from_minor(1), Amount::from_minor(Amount::largest)});
  if (open.size() < 2 || open.size() >= DocumentFinder::enough) return std::nullopt;
  sort_by_due(open);

  const std::string account = payment.counterparty.account->str();
  const std::string sum = money(payment.amount, payment.currency);
  const auto why = [&](const std::vector<Document>& documents, std::string_view which) {
    return fmt::format("account {} belongs to the partner of {}; {} and add up to {}", account,
                       named(documents), which, sum);
  };
  const auto settles = [&](const std::vector<Document>& documents, std::string_view which) {
    return settled(match, MatchStatus::paid, MatchRule::account_sum, documents,
                   why(documents, which));
  };
  // The symbol may be that of an invoice which has not come yet.
  const auto settles_without_symbol = [&](const std::vector<Document>& documents,
                                          std::string_view which) {
    if (!match.foreign_symbol) return settles(documents, which);
    return ambiguous(match, MatchRule::account_sum, documents,
                     fmt::format("{}; but VS {} is none of theirs", why(documents, which),
                                 payment.variable_symbol->str()));
  };
  if (sum_of(open) == payment.amount) {
    return settles_without_symbol(open, "they are all that is open");
  }
  if (const auto first = due_first(match, open); !first.empty()) {
    return settles_without_symbol(first, "they are due first");
  }
  if (const auto chosen = named_in_message(match, open);
      chosen.size() > 1 && sum_of(chosen) == payment.amount) {
    return settles(chosen, "the message names them");
  }
  if (const auto chosen = any_set(match, open); !chosen.empty()) {
    return ambiguous(match, MatchRule::account_sum, chosen,
                     fmt::format("{} of the owner of account {} add up to {}, but so may others; "
                                 "nothing says that they were meant",
                                 named(chosen), account, sum));
  }
  return std::nullopt;
}

}  // namespace paymentctl
