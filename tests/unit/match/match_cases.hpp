#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "match/match.hpp"
#include "match/rules.hpp"

/// A payment and documents in words of one line, and what becomes of them.
namespace match_cases {

using namespace paymentctl;

/// Documents in memory, asked like the ledger.
class MemoryFinder : public DocumentFinder {
 public:
  std::vector<Document> documents;
  std::vector<std::pair<std::string, std::string>> learned;  ///< account, partner
  std::vector<std::pair<std::string, std::string>> history;  ///< the same, of exact payments

  std::vector<Document> open_with_symbol(Direction side, const Symbol& symbol) override {
    return select(side, [&](const Document& document) {
      return !document.outstanding.is_zero() &&
             digits_of(document.variable_symbol.value_or("")) == symbol.str();
    });
  }
  std::vector<Document> settled_with_symbol(Direction side, const Symbol& symbol) override {
    return select(side, [&](const Document& document) {
      return document.outstanding.is_zero() &&
             digits_of(document.variable_symbol.value_or("")) == symbol.str();
    });
  }
  std::vector<std::string> owners(const AccountNumber& account) override {
    std::vector<std::string> found;
    for (const Document& document : documents) {
      if (document.partner.account == account) found.push_back(document.partner.key());
    }
    for (const auto& [number, partner] : learned) {
      if (number == account.str()) found.push_back(partner);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }
  std::vector<std::string> paid_for(const AccountNumber& account) override {
    std::vector<std::string> found;
    for (const auto& [number, partner] : history) {
      if (number == account.str()) found.push_back(partner);
    }
    return found;
  }
  std::vector<Document> open_with_symbols(Direction side, const std::vector<std::string>& symbols,
                                          Currency currency, AmountRange range) override {
    return select(side, [&](const Document& document) {
      return owes(document, currency, range) &&
             std::find(symbols.begin(), symbols.end(),
                       digits_of(document.variable_symbol.value_or(""))) != symbols.end();
    });
  }
  std::vector<Document> open_of_partner(Direction side, const std::string& partner,
                                        Currency currency, AmountRange range) override {
    return select(side, [&](const Document& document) {
      return document.partner.key() == partner && owes(document, currency, range);
    });
  }
  std::vector<Document> open_named(Direction side, const std::string& digits, Currency currency,
                                   AmountRange range) override {
    return select(side, [&](const Document& document) {
      return owes(document, currency, range) &&
             (digits_of(document.number) == digits ||
              digits_of(document.variable_symbol.value_or("")) == digits);
    });
  }

 private:
  static bool owes(const Document& document, Currency currency, AmountRange range) {
    return document.currency == currency && !document.outstanding.is_zero() &&
           document.outstanding >= range.least && document.outstanding <= range.most;
  }
  template <typename Condition>
  std::vector<Document> select(Direction side, Condition condition) {
    std::vector<Document> found;
    for (const Document& document : documents) {
      if (settled_by(document.kind) == side && condition(document)) found.push_back(document);
    }
    return found;
  }
};

inline constexpr const char* account_a = "2000145399/0800";
inline constexpr const char* account_b = "2901618114/2010";

/// "number symbol partner owed [due]" in one line; a symbol of "-" is none.
struct Line {
  const char* number;
  const char* symbol;
  const char* partner;
  const char* account;
  const char* owed;
  const char* due = "";
  const char* currency = "CZK";
  DocumentStatus status = DocumentStatus::open;
};

struct MatchCase {
  const char* what;
  std::vector<Line> documents;
  const char* amount;
  const char* symbol;   ///< "" for none
  const char* account;  ///< "" for none
  const char* message;  ///< "" for none
  MatchStatus status;
  std::optional<MatchRule> rule;
  std::vector<std::string> settled;     ///< numbers
  std::vector<std::string> candidates;  ///< numbers
  const char* tolerance = "0.00";
  PaymentKind kind = PaymentKind::transfer;
};

inline Document document_of(const Line& line) {
  Document document;
  document.number = line.number;
  if (*line.symbol != '-') document.variable_symbol = line.symbol;
  document.partner.id = line.partner;
  document.partner.account = AccountNumber::parse(line.account);
  document.amount = Amount::from_decimal("100000.00").value();
  document.outstanding = Amount::from_decimal(line.owed).value();
  document.currency = Currency::from_code(line.currency).value();
  document.due_on = Date::from_iso(line.due);
  document.status = line.status;
  if (document.outstanding.is_zero() && document.status == DocumentStatus::open) {
    document.status = DocumentStatus::paid;
  }
  return document;
}

inline std::vector<std::string> numbers(const std::vector<DocumentRef>& documents) {
  std::vector<std::string> all;
  for (const DocumentRef& document : documents) all.push_back(document.number);
  return all;
}

inline void check(const MatchCase& expected) {
  INFO(expected.what);
  MemoryFinder finder;
  for (const Line& line : expected.documents) finder.documents.push_back(document_of(line));
  Payment payment;
  payment.kind = expected.kind;
  payment.amount = Amount::from_decimal(expected.amount).value();
  payment.variable_symbol = Symbol::parse(expected.symbol);
  payment.counterparty.account = AccountNumber::parse(expected.account);
  if (*expected.message != '\0') payment.message = expected.message;
  MatchSettings settings;
  settings.tolerance = Amount::from_decimal(expected.tolerance).value();

  const MatchResult result = match_payment(payment, finder, settings);
  INFO(result.why);
  CHECK(result.status == expected.status);
  CHECK(result.rule == expected.rule);
  std::vector<DocumentRef> settled;
  Amount sum = result.unallocated;
  std::vector<Document> documents;
  for (const Allocation& allocation : result.allocations) {
    settled.push_back(allocation.document);
    sum += allocation.amount;
    for (const Document& document : finder.documents) {
      if (ref_of(document) == allocation.document) documents.push_back(document);
    }
  }
  CHECK(numbers(settled) == expected.settled);
  CHECK(numbers(result.candidates) == expected.candidates);
  CHECK(sum == payment.amount);
  CHECK_FALSE(result.why.empty());
  CHECK(still_holds(result, payment, documents, settings));
}

inline constexpr auto paid = MatchStatus::paid;
inline constexpr auto partial = MatchStatus::partially_paid;
inline constexpr auto over = MatchStatus::overpaid;
inline constexpr auto ambiguous_result = MatchStatus::ambiguous;
inline constexpr auto nothing = MatchStatus::unmatched;
inline constexpr auto none = std::nullopt;
using Rule = MatchRule;

}  // namespace match_cases
