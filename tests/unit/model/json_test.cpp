#include "model/json.hpp"

#include <catch2/catch.hpp>

#include "model/error.hpp"

using namespace paymentctl;

namespace {

const char* const line =
    R"({"type":"payment","source":{"path":"/a/b.eml","sha256":"00ff","message_id":"x@y","index":0,)"
    R"("count":1,"format":"fio-classic","policy":"p1"},"bank":"2010","kind":"transfer",)"
    R"("direction":"incoming","amount":"3898.00","currency":"CZK","booked_on":"2026-08-24",)"
    R"("booked_time":null,"own_account":"2901618114/2010","counterparty":)"
    R"({"account":"230792445/0300","name":null},"variable_symbol":"26006439",)"
    R"("constant_symbol":"308","specific_symbol":null,"message":"Faktura 26006439",)"
    R"("bank_reference":null,"balance":"168459.32"})";

}  // namespace

TEST_CASE("A payment goes through JSON unchanged, members in the order of the interface") {
  CHECK(to_line(to_json(payment_from_json(json_object(line)))) == line);
}

TEST_CASE("A payment with a member that cannot be is refused by that member's name") {
  const auto [from, to, name] = GENERATE(table<std::string, std::string, std::string>({
      {R"("amount":"3898.00")", R"("amount":3898.00)", "amount"},
      {R"("amount":"3898.00")", R"("amount":"-1.00")", "amount"},
      {R"("amount":"3898.00")", R"("amount":"0.00")", "amount"},
      {R"("currency":"CZK")", R"("currency":"czk")", "currency"},
      {R"("direction":"incoming")", R"("direction":"up")", "direction"},
      {R"("booked_on":"2026-08-24")", R"("booked_on":"2026-02-30")", "booked_on"},
      {R"("own_account":"2901618114/2010")", R"("own_account":"2901618115/2010")", "own_account"},
      {R"("index":0)", R"("index":1)", "index"},
      {R"("message":"Faktura 26006439")", R"("message":"")", "message"},
  }));
  std::string broken = line;
  broken.replace(broken.find(from), from.size(), to);
  CHECK_THROWS_WITH(payment_from_json(json_object(broken)), Catch::Contains(name));
}

TEST_CASE("A line that is no object, too long or too deep is refused") {
  CHECK_THROWS_AS(json_object("[]"), Error);
  CHECK_THROWS_AS(json_object("{"), Error);
  CHECK_THROWS_AS(json_object("{} {}"), Error);
  CHECK_THROWS_AS(json_object("{\"a\":\"\xff\"}"), Error);
  CHECK_THROWS_AS(json_object("{\"a\":" + std::string(100000, '[') + "}"), Error);
  CHECK_THROWS_AS(json_object("{\"a\":\"" + std::string(2u << 20, 'x') + "\"}"), Error);
}

TEST_CASE("A match carries its payment as it came, unknown members included") {
  Json payment = json_object(line);
  payment["note_of_a_script"] = "kept";
  MatchResult result;
  result.status = MatchStatus::paid;
  result.rule = MatchRule::symbol_amount;
  result.allocations.push_back(
      {{DocumentKind::issued_invoice, "130100024", ""}, Amount::from_decimal("3898.00").value()});
  result.why = "because";
  const Json json = json_object(to_line(to_json(result, payment)));
  CHECK(json["payment"]["note_of_a_script"] == "kept");
  const MatchResult again = match_from_json(json);
  CHECK(again.status == MatchStatus::paid);
  CHECK(again.rule == MatchRule::symbol_amount);
  CHECK(again.allocations.at(0).document.number == "130100024");
  CHECK(again.why == "because");
}
