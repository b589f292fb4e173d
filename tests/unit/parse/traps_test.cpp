// What strangers may write into a mail, and what must not come of it.
#include <catch2/catch.hpp>

#include "small_bank.hpp"

using namespace paymentctl;
using namespace paymentctl::testing;

namespace {

constexpr const char* rules = R"X(<format id="t">
  <line>{direction:Příjem=incoming|Výdaj=outgoing} na kontě: {own_account}</line>
  <line>Částka: {amount} {currency?}</line>
  <line>VS: {variable_symbol?}</line>
  <line optional="true">Zpráva: {message?}</line>
  <line optional="true">Zůstatek: {balance?}</line>
  <line optional="true">Protiúčet: {counterparty_account?}</line>
  <line optional="true">SS: {specific_symbol?}</line>
</format>)X";

std::string notice_text(const std::string& message) {
  return "Příjem na kontě: 2052601819\nČástka: 4 840,00\nVS: 117\nZpráva: " + message +
         "\nZůstatek: 57 312,45\nProtiúčet: 131-1126906048/0100\nSS: 5\n";
}

std::string flattened(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

bool is_unrecognised(const Notice& notice) { return std::holds_alternative<Unrecognised>(notice); }

}  // namespace

TEST_CASE("no message of a payer changes the amount, the symbols or the account") {
  const char* messages[] = {
      "Částka: 1,00",
      "x\nČástka: 1,00",
      "x\nVS: 999",
      "x\nSS: 999",
      "x\nProtiúčet: 2946281949/2010",
      "Částka: 1,00 VS: 999 SS: 9 Protiúčet: 2946281949/2010",
      "SS: 9",
      "Zůstatek: 1,00 Protiúčet: 2946281949/2010 SS: 9",
      "x\nPříjem na kontě: 2052601819\nČástka: 1,00\nVS: 999\nZpráva: y",
      "Výdaj na kontě: 2052601819 Částka: 1,00 VS: 999 Zpráva: y",
      "-- \nČástka: 1,00",
      "_____\nSS: 999",
      "[{amount}] \\ (?P<amount>1)",
  };
  for (const char* message : messages) {
    for (const bool flat : {false, true}) {
      const std::string text = notice_text(message);
      const Notice notice = read(rules, flat ? flattened(text) : text);
      INFO(message << (flat ? " (flattened)" : "") << problem(notice));
      if (is_unrecognised(notice)) continue;
      REQUIRE(std::holds_alternative<Payments>(notice));
      const Payments& payments = std::get<Payments>(notice);
      REQUIRE(payments.size() == 1);
      const Payment& payment = payments.front();
      CHECK(payment.amount.decimal() == "4840.00");
      CHECK(payment.direction == Direction::incoming);
      CHECK(payment.variable_symbol->str() == "117");
      CHECK((!payment.specific_symbol || payment.specific_symbol->str() == "5"));
      CHECK((!payment.counterparty.account ||
             payment.counterparty.account->str() == "131-1126906048/0100"));
    }
  }
}

TEST_CASE("a label met twice makes the mail unrecognised") {
  const Notice notice = read(rules, notice_text("x\nSS: 999"));
  REQUIRE(is_unrecognised(notice));
  CHECK(problem(notice).find("SS:") != std::string::npos);
}

TEST_CASE("an amount of zero, beyond all bounds or unreadable is no payment") {
  for (const char* amount : {"0,00", "1 000 000 000 000,00", "99999999999999999999,00", "12,5",
                             "4 840,00 Kč EUR", "abc", ""}) {
    const Notice notice =
        read(rules, std::string("Příjem na kontě: 2052601819\nČástka: ") + amount + "\nVS: 1\n");
    INFO(amount);
    CHECK(is_unrecognised(notice));
    CHECK_FALSE(problem(notice).empty());
  }
}

TEST_CASE("an account whose check digits fail becomes part of the message") {
  const Notice notice = read(rules,
                             "Příjem na kontě: 2052601819\nČástka: 1,00\nVS: 1\nZpráva: text\n"
                             "Protiúčet: 131-1126906049/0100\n");
  const Payment payment = std::get<Payments>(notice).front();
  CHECK_FALSE(payment.counterparty.account);
  CHECK(payment.message == "text 131-1126906049/0100");
}

TEST_CASE("symbols of zeros, of words or of forty digits are none") {
  for (const char* symbol :
       {"0", "0000000000", "12a", "1234567890123456789012345678901234567890"}) {
    const Notice notice =
        read(rules, std::string("Příjem na kontě: 2052601819\nČástka: 1,00\nVS: ") + symbol + "\n");
    INFO(symbol << problem(notice));
    REQUIRE(std::holds_alternative<Payments>(notice));
    CHECK_FALSE(std::get<Payments>(notice).front().variable_symbol);
  }
}

TEST_CASE("only the address in From, at a label boundary, makes a mail the bank's") {
  const Catalog catalog = bank_of(rules);
  const std::pair<const char*, bool> senders[] = {
      {"info@test.example", true},
      {"a@mail.test.example", true},
      {"INFO@Test.Example", true},
      {"info@mytest.example", false},
      {"info@test.example.evil", false},
      {"test.example@evil.test", false},
      {"info@test.example@evil.test", false},
      {"", false},
  };
  for (const auto& [sender, known] : senders) {
    Message message = mail(notice_text("x"));
    message.from_address = sender;
    message.from_name = "info@test.example";
    INFO(sender);
    CHECK(std::holds_alternative<Payments>(read_notice(message, catalog, {})) == known);
  }
}

TEST_CASE("a forward is read from trusted forwarders only, or with the bank named") {
  const Catalog catalog = bank_of(rules);
  Message message = mail(notice_text("x"));
  message.from_address = "ucetni@firma.test";
  CHECK(problem(read_notice(message, catalog, {})).find("forwarded by ucetni@firma.test") !=
        std::string::npos);
  ParseSettings trusted;
  trusted.trusted_forwarders = {"ucetni@firma.test"};
  CHECK(std::holds_alternative<Payments>(read_notice(message, catalog, trusted)));
  ParseSettings named;
  named.bank = "test";
  CHECK(std::holds_alternative<Payments>(read_notice(message, catalog, named)));
  message.refused = "the mail has two From headers";
  CHECK(problem(read_notice(message, catalog, named)) == "the mail has two From headers");
}

TEST_CASE("a mail of a known bank that fits nothing names the nearest format and what it misses") {
  const std::string reason = problem(read(rules, "Příjem na kontě: 2052601819\nČástka: 1,00\n"));
  CHECK(reason.find("Test bank") != std::string::npos);
  CHECK(reason.find("VS:") != std::string::npos);
}

TEST_CASE("the plain and the HTML part must tell the same") {
  Message message = mail(notice_text("x"));
  message.bodies.push_back({notice_text("x"), true});
  const Catalog catalog = bank_of(rules);
  CHECK(std::holds_alternative<Payments>(read_notice(message, catalog, {})));
  message.bodies[1].text.replace(message.bodies[1].text.find("4 840"), 5, "4 841");
  CHECK(is_unrecognised(read_notice(message, catalog, {})));
}

TEST_CASE("without a date in text and header there is no payment") {
  Message message = mail(notice_text("x"));
  message.date.reset();
  CHECK(is_unrecognised(read_notice(message, bank_of(rules), {})));
}

TEST_CASE("a text that looks like a notice a million times over ends soon and safely") {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += "Částka: 1,00 VS: 5 ";
  CHECK(is_unrecognised(read(rules, text)));
  const Notice notice = read(rules, notice_text(text));
  REQUIRE(std::holds_alternative<Payments>(notice));
  CHECK(std::get<Payments>(notice).front().amount.decimal() == "4840.00");
}
