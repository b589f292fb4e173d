#include <catch2/catch.hpp>

#include "match_cases.hpp"

using namespace match_cases;

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
      {"from another partner's account",
       {{"F1", "111", "A", "", "50.00"}, {"F2", "222", "B", account_b, "9.00"}},
       "50.00",
       "",
       account_b,
       "111",
       ambiguous_result,
       Rule::message_symbol,
       {},
       {"F1"}},
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

TEST_CASE("instalments: a part, the rest, and what comes on top") {
  MemoryFinder finder;
  finder.documents.push_back(document_of({"F1", "11", "A", "", "100.00"}));
  Document& document = finder.documents.front();
  const auto pay = [&](const char* amount) {
    Payment payment;
    payment.amount = Amount::from_decimal(amount).value();
    payment.variable_symbol = Symbol::parse("11");
    const MatchResult result = match_payment(payment, finder);
    for (const Allocation& allocation : result.allocations) {
      document.outstanding -= allocation.amount;
    }
    return result;
  };
  CHECK(pay("40.00").status == partial);
  const MatchResult second = pay("60.00");
  CHECK(second.status == paid);
  CHECK(second.rule == Rule::symbol_amount);
  document.outstanding = Amount::from_decimal("10.00").value();
  const MatchResult third = pay("15.00");
  CHECK(third.status == over);
  CHECK(third.unallocated == Amount::from_decimal("5.00"));
  const MatchResult fourth = pay("40.00");
  CHECK(fourth.status == nothing);
  CHECK(numbers(fourth.candidates) == std::vector<std::string>{"F1"});
}

TEST_CASE("nothing settles nothing") {
  MemoryFinder finder;
  finder.documents.push_back(document_of({"F1", "11", "A", account_a, "0.40"}));
  Payment payment;
  payment.variable_symbol = Symbol::parse("11");
  payment.counterparty.account = AccountNumber::parse(account_a);
  MatchSettings settings;
  settings.tolerance = Amount::from_decimal("1.00").value();
  const MatchResult result = match_payment(payment, finder, settings);
  CHECK(result.status == MatchStatus::unmatched);
  CHECK(result.allocations.empty());
}

TEST_CASE("one slip of the finger: replaced, swapped, lost, in excess") {
  const std::vector<std::string> slips = one_slip_from("12");
  for (const char* each : {"92", "19", "21", "1", "2", "112", "102", "123", "512"}) {
    INFO(each);
    CHECK(std::find(slips.begin(), slips.end(), each) != slips.end());
  }
  CHECK(std::find(slips.begin(), slips.end(), "12") == slips.end());
  CHECK(std::find(slips.begin(), slips.end(), "34") == slips.end());
  for (const std::string& each : one_slip_from("9999999999")) CHECK(each.size() <= 10);
}
