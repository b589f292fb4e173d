#include "match/match.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "match/rules.hpp"

using namespace paymentctl;

namespace {

/// Documents in memory, asked like the ledger.
class MemoryFinder : public DocumentFinder {
 public:
  std::vector<Document> documents;
  std::vector<std::pair<std::string, std::string>> learned;  ///< account, partner

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

constexpr const char* account_a = "2000145399/0800";
constexpr const char* account_b = "2901618114/2010";

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

Document document_of(const Line& line) {
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

std::vector<std::string> numbers(const std::vector<DocumentRef>& documents) {
  std::vector<std::string> all;
  for (const DocumentRef& document : documents) all.push_back(document.number);
  return all;
}

void check(const MatchCase& expected) {
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

constexpr auto paid = MatchStatus::paid;
constexpr auto partial = MatchStatus::partially_paid;
constexpr auto over = MatchStatus::overpaid;
constexpr auto ambiguous_result = MatchStatus::ambiguous;
constexpr auto nothing = MatchStatus::unmatched;
constexpr auto none = std::nullopt;
using Rule = MatchRule;

}  // namespace

TEST_CASE("a usable symbol decides together with the amount") {
  const std::vector<MatchCase> cases = {
      {"exactly",
       {{"F1", "11", "A", "", "50.00"}},
       "50.00",
       "11",
       "",
       "",
       paid,
       Rule::symbol_amount,
       {"F1"},
       {}},
      {"leading zeros have no meaning",
       {{"F1", "0011", "A", "", "50.00"}},
       "50.00",
       "11",
       "",
       "",
       paid,
       Rule::symbol_amount,
       {"F1"},
       {}},
      {"trailing zeros have one",
       {{"F1", "1100", "A", "", "50.00"}},
       "50.00",
       "11",
       "",
       "",
       nothing,
       none,
       {},
       {}},
      {"the literal symbol goes first",
       {{"F1", "0011", "A", "", "50.00"}, {"F2", "11", "B", "", "50.00"}},
       "50.00",
       "11",
       "",
       "",
       paid,
       Rule::symbol_amount,
       {"F2"},
       {}},
      {"less is a part",
       {{"F1", "11", "A", "", "50.00"}},
       "49.99",
       "11",
       "",
       "",
       partial,
       Rule::symbol_partial,
       {"F1"},
       {}},
      {"more leaves a rest",
       {{"F1", "11", "A", "", "50.00"}},
       "50.01",
       "11",
       "",
       "",
       over,
       Rule::symbol_over,
       {"F1"},
       {}},
      {"the lower edge of the tolerance",
       {{"F1", "11", "A", "", "50.00"}},
       "49.00",
       "11",
       "",
       "",
       paid,
       Rule::symbol_amount,
       {"F1"},
       {},
       "1.00"},
      {"below the tolerance",
       {{"F1", "11", "A", "", "50.00"}},
       "48.99",
       "11",
       "",
       "",
       partial,
       Rule::symbol_partial,
       {"F1"},
       {},
       "1.00"},
      {"the upper edge of the tolerance",
       {{"F1", "11", "A", "", "50.00"}},
       "51.00",
       "11",
       "",
       "",
       paid,
       Rule::symbol_amount,
       {"F1"},
       {},
       "1.00"},
      {"above the tolerance",
       {{"F1", "11", "A", "", "50.00"}},
       "51.01",
       "11",
       "",
       "",
       over,
       Rule::symbol_over,
       {"F1"},
       {},
       "1.00"},
      {"equal ones of one partner: due first",
       {{"F1", "11", "A", "", "50.00", "2026-09-01"}, {"F2", "11", "A", "", "50.00", "2026-08-01"}},
       "50.00",
       "11",
       "",
       "",
       paid,
       Rule::symbol_amount,
       {"F2"},
       {}},
      {"equal ones of two partners",
       {{"F1", "11", "A", "", "50.00"}, {"F2", "11", "B", "", "50.00"}},
       "50.00",
       "11",
       "",
       "",
       ambiguous_result,
       Rule::symbol_amount,
       {},
       {"F1", "F2"}},
      {"two partners, the amount decides",
       {{"F1", "11", "A", "", "50.00"}, {"F2", "11", "B", "", "60.00"}},
       "60.00",
       "11",
       "",
       "",
       paid,
       Rule::symbol_amount,
       {"F2"},
       {}},
      {"two partners, the account decides",
       {{"F1", "11", "A", account_a, "50.00"}, {"F2", "11", "B", account_b, "50.00"}},
       "50.00",
       "11",
       account_b,
       "",
       paid,
       Rule::symbol_amount,
       {"F2"},
       {}},
      {"amount and account contradict",
       {{"F1", "11", "A", account_a, "50.00"}, {"F2", "11", "B", account_b, "60.00"}},
       "50.00",
       "11",
       account_b,
       "",
       ambiguous_result,
       Rule::symbol_amount,
       {},
       {"F1", "F2"}},
      {"several with the symbol, none exactly",
       {{"F1", "11", "A", "", "50.00"}, {"F2", "11", "A", "", "60.00"}},
       "40.00",
       "11",
       "",
       "",
       ambiguous_result,
       none,
       {},
       {"F1", "F2"}},
      {"a part from another partner's account",
       {{"F1", "11", "A", account_a, "50.00"}, {"F2", "12", "B", account_b, "70.00"}},
       "40.00",
       "11",
       account_b,
       "",
       ambiguous_result,
       Rule::symbol_partial,
       {},
       {"F1"}},
      {"a mistyped digit",
       {{"F1", "11", "A", account_a, "50.00"}, {"F2", "12", "B", account_b, "40.00"}},
       "40.00",
       "11",
       account_b,
       "",
       ambiguous_result,
       Rule::symbol_partial,
       {},
       {"F1", "F2"}},
      {"another invoice of the payer owes exactly this",
       {{"F1", "11", "A", account_a, "50.00"}, {"F2", "12", "A", account_a, "70.00"}},
       "70.00",
       "11",
       account_a,
       "",
       ambiguous_result,
       Rule::symbol_over,
       {},
       {"F1", "F2"}},
      {"already paid",
       {{"F1", "11", "A", account_a, "0.00"}, {"F2", "12", "A", account_a, "50.00"}},
       "50.00",
       "11",
       account_a,
       "",
       nothing,
       none,
       {},
       {"F1"}},
      {"cancelled",
       {{"F1", "11", "A", "", "0.00", "", "CZK", DocumentStatus::cancelled}},
       "50.00",
       "11",
       "",
       "",
       nothing,
       none,
       {},
       {"F1"}},
      {"the literal one is paid, one with zeros is open",
       {{"F1", "11", "A", "", "0.00"}, {"F2", "0011", "B", "", "50.00"}},
       "50.00",
       "11",
       "",
       "",
       ambiguous_result,
       none,
       {},
       {"F1", "F2"}},
      {"another currency",
       {{"F1", "11", "A", "", "50.00", "", "EUR"}},
       "50.00",
       "11",
       "",
       "",
       nothing,
       none,
       {},
       {"F1"}},
  };
  for (const MatchCase& each : cases) check(each);
}

TEST_CASE("without a usable symbol the account decides together with the amount") {
  const std::vector<MatchCase> cases = {
      {"the only one",
       {{"F1", "11", "A", account_a, "50.00"}, {"F2", "12", "A", account_a, "60.00"}},
       "50.00",
       "",
       account_a,
       "",
       paid,
       Rule::account_amount,
       {"F1"},
       {}},
      {"equal ones: due first",
       {{"F1", "11", "A", account_a, "50.00", "2026-09-01"},
        {"F2", "12", "A", account_a, "50.00", "2026-08-01"}},
       "50.00",
       "",
       account_a,
       "",
       paid,
       Rule::account_amount,
       {"F2"},
       {}},
      {"an account of two partners proves nothing",
       {{"F1", "11", "A", account_a, "50.00"}, {"F2", "12", "B", account_a, "50.00"}},
       "50.00",
       "",
       account_a,
       "",
       ambiguous_result,
       Rule::account_amount,
       {},
       {"F1", "F2"}},
      {"equal amounts at two partners, no account",
       {{"F1", "11", "A", account_a, "50.00"}, {"F2", "12", "B", account_b, "50.00"}},
       "50.00",
       "",
       "",
       "",
       nothing,
       none,
       {},
       {}},
      {"a stranger's symbol and account",
       {{"F1", "11", "A", account_a, "50.00"}},
       "50.00",
       "99",
       account_b,
       "",
       nothing,
       none,
       {},
       {}},
      {"a stranger's symbol without account",
       {{"F1", "11", "A", account_a, "50.00"}},
       "50.00",
       "99",
       "",
       "F11 11",
       nothing,
       none,
       {},
       {}},
      {"an unknown symbol from the partner's account",
       {{"F1", "11", "A", account_a, "50.00"}},
       "50.00",
       "99",
       account_a,
       "",
       paid,
       Rule::account_amount,
       {"F1"},
       {}},
      {"a card's digits are no symbol",
       {{"F1", "11", "A", "", "50.00"}},
       "50.00",
       "11",
       "",
       "",
       nothing,
       none,
       {},
       {},
       "0.00",
       PaymentKind::card},
      {"another currency",
       {{"F1", "11", "A", account_a, "50.00", "", "EUR"}},
       "50.00",
       "",
       account_a,
       "",
       nothing,
       none,
       {},
       {}},
      {"within the tolerance, two different ones",
       {{"F1", "11", "A", account_a, "50.40"}, {"F2", "12", "A", account_a, "49.60"}},
       "50.00",
       "",
       account_a,
       "",
       ambiguous_result,
       Rule::account_amount,
       {},
       {"F1", "F2"},
       "1.00"},
  };
  for (const MatchCase& each : cases) check(each);
}

TEST_CASE("without a usable symbol a number in the message decides together with the amount") {
  const std::vector<MatchCase> cases = {
      {"the symbol",
       {{"F1", "26006439", "A", "", "50.00"}},
       "50.00",
       "",
       "",
       "Faktura 26006439",
       paid,
       Rule::message_symbol,
       {"F1"},
       {}},
      {"the number with dashes",
       {{"FV-2026-0012", "-", "A", "", "50.00"}},
       "50.00",
       "",
       "",
       "uhrada FV-2026-0012, dekujeme",
       paid,
       Rule::message_symbol,
       {"FV-2026-0012"},
       {}},
      {"another amount",
       {{"F1", "26006439", "A", "", "50.00"}},
       "51.00",
       "",
       "",
       "Faktura 26006439",
       nothing,
       none,
       {},
       {}},
      {"two are named",
       {{"F1", "111", "A", "", "50.00"}, {"F2", "222", "B", "", "50.00"}},
       "50.00",
       "",
       "",
       "111/222",
       ambiguous_result,
       Rule::message_symbol,
       {},
       {"F1", "F2"}},
      {"a stranger's symbol",
       {{"F1", "111", "A", account_a, "50.00"}},
       "50.00",
       "99",
       account_b,
       "111",
       nothing,
       none,
       {},
       {}},
  };
  for (const MatchCase& each : cases) check(each);
}

TEST_CASE(
    "documents of the account's owner that add up are settled together only when it is clear") {
  const std::vector<Line> three = {{"F1", "11", "A", account_a, "10.00", "2026-08-01"},
                                   {"F2", "12", "A", account_a, "20.00", "2026-08-02"},
                                   {"F3", "13", "A", account_a, "40.00", "2026-08-03"}};
  const std::vector<MatchCase> cases = {
      {"all that is open",
       three,
       "70.00",
       "",
       account_a,
       "",
       paid,
       Rule::account_sum,
       {"F1", "F2", "F3"},
       {}},
      {"those due first",
       three,
       "30.00",
       "",
       account_a,
       "",
       paid,
       Rule::account_sum,
       {"F1", "F2"},
       {}},
      {"those the message names",
       three,
       "50.00",
       "",
       account_a,
       "F1 + F3: 11, 13",
       paid,
       Rule::account_sum,
       {"F1", "F3"},
       {}},
      {"any other set is for a person",
       three,
       "60.00",
       "",
       account_a,
       "",
       ambiguous_result,
       Rule::account_sum,
       {},
       {"F2", "F3"}},
      {"the right invoice is not here yet",
       three,
       "33.00",
       "",
       account_a,
       "",
       nothing,
       none,
       {},
       {}},
      {"due on one day: none goes first",
       {{"F1", "11", "A", account_a, "10.00", "2026-08-01"},
        {"F2", "12", "A", account_a, "20.00", "2026-08-02"},
        {"F3", "13", "A", account_a, "40.00", "2026-08-02"}},
       "30.00",
       "",
       account_a,
       "",
       ambiguous_result,
       Rule::account_sum,
       {},
       {"F1", "F2"}},
  };
  for (const MatchCase& each : cases) check(each);
}

TEST_CASE("an outgoing payment settles what we owe, never what is owed to us") {
  MemoryFinder finder;
  finder.documents.push_back(document_of({"F1", "11", "A", "", "50.00"}));
  Payment payment;
  payment.direction = Direction::outgoing;
  payment.amount = Amount::from_decimal("50.00").value();
  payment.variable_symbol = Symbol::parse("11");
  CHECK(match_payment(payment, finder).status == MatchStatus::unmatched);
  finder.documents.front().kind = DocumentKind::received_invoice;
  const MatchResult result = match_payment(payment, finder);
  CHECK(result.status == MatchStatus::paid);
  REQUIRE(result.allocations.size() == 1);
  CHECK(result.allocations[0].document.partner == "id:A");
}

TEST_CASE("the reason names symbol, amount and document in a bookkeeper's words") {
  MemoryFinder finder;
  finder.documents.push_back(document_of({"130100024", "130100024", "A", "", "10890.00"}));
  Payment payment;
  payment.amount = Amount::from_decimal("10890.00").value();
  payment.variable_symbol = Symbol::parse("130100024");
  CHECK(match_payment(payment, finder).why ==
        "VS 130100024 and 10890.00 CZK are exactly what issued invoice 130100024 still owes");
}

TEST_CASE("only the symbol's rules are asked when the others must wait") {
  MemoryFinder finder;
  finder.documents.push_back(document_of({"F1", "11", "A", account_a, "50.00"}));
  Payment payment;
  payment.amount = Amount::from_decimal("50.00").value();
  payment.counterparty.account = AccountNumber::parse(account_a);
  MatchSettings settings;
  settings.symbol_rules_only = true;
  CHECK(match_payment(payment, finder, settings).status == MatchStatus::unmatched);
  CHECK(match_payment(payment, finder).status == MatchStatus::paid);
}

TEST_CASE("a result that the ledger has overtaken no longer holds") {
  MemoryFinder finder;
  finder.documents.push_back(document_of({"F1", "11", "A", "", "50.00"}));
  Payment payment;
  payment.amount = Amount::from_decimal("50.00").value();
  payment.variable_symbol = Symbol::parse("11");
  const MatchResult result = match_payment(payment, finder);
  CHECK(still_holds(result, payment, finder.documents, {}));
  Document document = finder.documents.front();
  document.outstanding = Amount::from_decimal("49.99").value();
  CHECK_FALSE(still_holds(result, payment, {document}, {}));
  document.outstanding = Amount::from_decimal("50.01").value();
  CHECK_FALSE(still_holds(result, payment, {document}, {}));
  document = finder.documents.front();
  document.currency = Currency::eur();
  CHECK_FALSE(still_holds(result, payment, {document}, {}));
  CHECK_FALSE(still_holds(result, payment, {}, {}));
}
