#include <string>
#include <utility>
#include <vector>

// Lines that layouts share, ignore rules by sender, and accounts of which only the end is printed.
#include <catch2/catch.hpp>

#include "parse/pattern.hpp"
#include "small_bank.hpp"

using namespace paymentctl;
using namespace paymentctl::testing;

namespace {

constexpr auto shared_lines = R"(<format id="shared-lines">
  <line>Account: {own_account}</line>
  <layout direction="incoming"><line>From: {counterparty_account}</line></layout>
  <layout direction="outgoing" kind="fee"><line>{kind_text=Fee[ {any}]}</line></layout>
  <line>Amount: {amount}</line>
</format>)";

const Payment& only_payment(const Notice& notice) {
  INFO(problem(notice));
  REQUIRE(std::holds_alternative<Payments>(notice));
  return std::get<Payments>(notice).front();
}

}  // namespace

TEST_CASE("lines beside layouts belong to each of them") {
  const Notice incoming =
      read(shared_lines, "Account: 6066176030\nFrom: 19-2152882005/0800\nAmount: 12,00\n");
  CHECK(only_payment(incoming).direction == Direction::incoming);
  CHECK(only_payment(incoming).counterparty.account->str() == "19-2152882005/0800");
  CHECK(only_payment(incoming).amount.decimal() == "12.00");

  const Notice fee = read(shared_lines, "Account: 6066176030\nFee for March\nAmount: 9,50\n");
  CHECK(only_payment(fee).kind == PaymentKind::fee);
  CHECK(only_payment(fee).message == "Fee for March");
  CHECK(only_payment(fee).amount.decimal() == "9.50");
}

TEST_CASE("lines beside layouts are required like their own") {
  for (const char* text :
       {"Account: 6066176030\nFrom: 19-2152882005/0800\n",
        "From: 19-2152882005/0800\nAmount: 12,00\n", "Account: 6066176030\nAmount: 12,00\n"}) {
    INFO(text);
    CHECK(std::holds_alternative<Unrecognised>(read(shared_lines, text)));
  }
}

TEST_CASE("lines beside layouts keep their place where a mail is one line") {
  const Notice notice =
      read(shared_lines, "Account: 6066176030 From: 19-2152882005/0800 Amount: 12,00");
  CHECK(only_payment(notice).direction == Direction::incoming);
}

TEST_CASE("lines beside the layouts of a block belong to each of them") {
  const Notice notice = read(R"(<format id="items">
    <block begin="Item:">
      <layout direction="incoming"><line>Item: in</line></layout>
      <layout direction="outgoing"><line>Item: out</line></layout>
      <line>Amount: {amount}</line>
    </block>
  </format>)",
                             "Item: in\nAmount: 1,00\nItem: out\nAmount: 2,00\n");
  INFO(problem(notice));
  REQUIRE(std::holds_alternative<Payments>(notice));
  const auto& payments = std::get<Payments>(notice);
  REQUIRE(payments.size() == 2);
  CHECK(payments[0].direction == Direction::incoming);
  CHECK(payments[1].direction == Direction::outgoing);
  CHECK(payments[1].amount.decimal() == "2.00");
}

TEST_CASE("a heading may stand there twice, two different ones may not") {
  constexpr auto heading = R"(<format id="heading">
    <line>{direction:Money came=incoming|Money went=outgoing}</line>
    <line>Amount: {amount}</line>
    <line optional="true" multiline="true">Text: {message}</line>
  </format>)";
  for (const char* text : {"Money came\nHello\nMoney came\nAmount: 1,00\n",
                           "Money came Hello Money came Amount: 1,00"}) {
    INFO(text);
    CHECK(only_payment(read(heading, text)).direction == Direction::incoming);
  }
  for (const char* text :
       {"Money came\nMoney went\nAmount: 1,00\n", "Money came Money went Amount: 1,00",
        "Money came\nAmount: 1,00\nText: a\nMoney came\n"}) {
    INFO(text);
    CHECK(std::holds_alternative<Unrecognised>(read(heading, text)));
  }
}

TEST_CASE("a mail can be ignored by its sender's address alone") {
  const Catalog catalog =
      bank_of(R"(<ignore id="statements" sender="Statement@test.example" reason="statement"/>)"
              R"(<format id="any"><line>Amount: {amount}</line></format>)");
  Message message = mail("whatever");
  CHECK(std::holds_alternative<Unrecognised>(read_notice(message, catalog, {})));
  message.from_address = "STATEMENT@test.example";
  const Notice notice = read_notice(message, catalog, {});
  REQUIRE(std::holds_alternative<Ignored>(notice));
  CHECK(std::get<Ignored>(notice).reason == "statement");
  message.from_address = "my-statement@test.example";
  CHECK(std::holds_alternative<Unrecognised>(read_notice(message, catalog, {})));
}

TEST_CASE("an ignore rule does not apply where the words of unless stand") {
  constexpr auto rules = R"(<ignore line="Balance" unless="was booked" reason="balance"/>)"
                         R"(<format id="any"><line>Amount: {amount}</line></format>)";
  CHECK(std::holds_alternative<Ignored>(read(rules, "Balance: 5,00\nHello\n")));
  CHECK(std::holds_alternative<Unrecognised>(read(rules, "Balance: 5,00\nThis was\nbooked\n")));
}

TEST_CASE("an amount before the first item is no part of a mail that is understood") {
  constexpr auto items = R"(<format id="items" direction="incoming">
    <block begin="Item:"><line>Item: {any}</line><line>Amount: {amount}</line></block>
  </format>)";
  CHECK(std::holds_alternative<Payments>(
      read(items, "The amount: see below\nItem: a\nAmount: 1,00\n")));
  for (const char* text : {"Thing: a\nAmount: 2,00\nItem: a\nAmount: 1,00\n",
                           "Thing: a Amount: 2,00\nItem: a\nAmount: 1,00\n"}) {
    INFO(text);
    CHECK(std::holds_alternative<Unrecognised>(read(items, text)));
  }
}

TEST_CASE("an ignore rule's sender must be an address") {
  CHECK_THROWS_AS(bank_of(R"(<ignore sender="test.example" reason="statement"/>)").formats(),
                  std::exception);
}

TEST_CASE("the end of an own account is completed, or is no account") {
  constexpr auto cut = R"(<format id="cut" direction="incoming">
    <line>Account ends {own_account:670100-22#}</line>
    <line>Amount: {amount}</line>
  </format>)";
  const Notice whole = read(cut, "Account ends 52427317/6210\nAmount: 1,00\n");
  CHECK(only_payment(whole).own_account->str() == "670100-2252427317/6210");

  const Notice wrong = read(cut, "Account ends 52427318/6210\nAmount: 1,00\n");
  CHECK_FALSE(only_payment(wrong).own_account);
  CHECK_FALSE(only_payment(wrong).message);
}

TEST_CASE("what cannot be there is known without the expression, what can be is not overlooked") {
  const auto may_be = [](const char* words, const std::string& text) {
    const std::string mail = "paid to us\n" + text;
    const FoldedText folded = fold(mail);
    const Region behind_head{folded.lines[1].begin, folded.text.size()};
    return compile_pattern(parse_template(words), Anchor::search).may_be_in(folded, behind_head);
  };
  CHECK(may_be("paid {:by card|in cash} on {booked_on}", "paid in cash on 1.1.2026"));
  CHECK(may_be("paid {:by card|in cash} on {booked_on}", "paid by\ncard on 1.1.2026"));
  CHECK(may_be("paid [{:by card|in cash} ]on {booked_on}", "paid on 1.1.2026"));
  CHECK(may_be("{:in|incoming} payment", "incoming payment"));
  CHECK_FALSE(may_be("paid {:by card|in cash} on {booked_on}", "paid by wire on 1.1.2026"));
  CHECK_FALSE(may_be("paid {:by card|in cash} on {booked_on}", "on 1.1.2026 paid in cash"));
}

TEST_CASE("an IBAN is as long as those of its country, so that a name behind it stays apart") {
  const Pattern pattern = compile_pattern(parse_template("{counterparty_account}"), Anchor::whole);
  const auto is_account = [&](const std::string& text) {
    return pattern.expression->compiled().Match(text, 0, text.size(), RE2::ANCHOR_BOTH, nullptr, 0);
  };
  const std::vector<std::pair<std::string, std::size_t>> countries = {
      {"no", 15}, {"be", 16}, {"nl", 18}, {"si", 19}, {"at", 20}, {"ch", 21}, {"de", 22},
      {"ae", 23}, {"cz", 24}, {"sk", 24}, {"pt", 25}, {"tr", 26}, {"fr", 27}, {"pl", 28},
      {"br", 29}, {"jo", 30}, {"mt", 31}, {"lc", 32}, {"ru", 33}};
  for (const auto& [country, length] : countries) {
    const std::string number = country + "12" + std::string(length - 4, 'a');
    INFO(number);
    CHECK(is_account(number));
    CHECK(is_account(number.substr(0, 4) + " " + number.substr(4)));
    CHECK(is_account(number + "/0800"));
    CHECK_FALSE(is_account(number + "a"));
    CHECK_FALSE(is_account(number.substr(1)));
    CHECK_FALSE(is_account(number.substr(0, length - 1)));
  }
  CHECK_FALSE(is_account("zz12aaaaaaaaaaaaaaaaaaaa"));
}

TEST_CASE("an expression without the IBANs that a text cannot hold finds the same in it") {
  const Pattern pattern = compile_pattern(
      parse_template("from {counterparty_account}[ {counterparty_name}] ."), Anchor::search);
  const auto [text, ibans] = GENERATE(table<std::string, Ibans>({
      {"sent from 19-2000145399/0800 Papírna s. r. o. .", Ibans::none},
      {"sent from CZ65 0800 0000 1920 0014 5399 Papírna s. r. o. .", Ibans::czech_and_slovak},
      {"sent from SK3112000000198742637541 Papiereň .", Ibans::czech_and_slovak},
      {"sent from DE89 3704 0044 0532 0130 00 Papierfabrik .", Ibans::any},
      {"CZ65 was told, sent from DE89370400440532013000 .", Ibans::any},
      {"FA2026001 sent from 2000145399/0800 .", Ibans::any},
  }));
  INFO(text);
  const FoldedText folded = fold(text);
  CHECK(folded.ibans == ibans);
  std::vector<re2::StringPiece> whole(pattern.groups.size() + 2);
  std::vector<re2::StringPiece> parts = whole;
  const auto match = [&](const RE2& expression, std::vector<re2::StringPiece>& into) {
    return expression.Match(folded.text, 0, folded.text.size(), RE2::UNANCHORED, into.data(),
                            static_cast<int>(into.size()));
  };
  REQUIRE(match(pattern.expression->compiled(), whole));
  REQUIRE(match(pattern.expression->compiled_for(folded), parts));
  CHECK(parts == whole);
  CHECK_FALSE(parts[2].empty());
}

TEST_CASE("pieces in any order that hold such pieces again are refused before they grow") {
  const auto orders = [](const std::string& piece) {
    return "[~[a" + piece + "][b" + piece + "][c" + piece + "][d" + piece + "]]";
  };
  CHECK_NOTHROW(compile_pattern(parse_template("x " + orders(", words")), Anchor::whole));
  const std::string nested = orders(orders(orders(", words")));
  REQUIRE(nested.size() < 2000);
  CHECK_THROWS_WITH(compile_pattern(parse_template("x " + nested), Anchor::whole),
                    Catch::Contains("too many orders"));
}
