#include <catch2/catch.hpp>

#include "parse/builtin_formats.hpp"
#include "parse/catalog.hpp"
#include "small_bank.hpp"

using namespace paymentctl;
using namespace paymentctl::testing;

TEST_CASE("every built-in format compiles and belongs to a bank with a sender") {
  const Catalog catalog = Catalog::built_in();
  CHECK_NOTHROW(catalog.formats());
  for (const FormatFile& file : builtin_formats()) CHECK_NOTHROW(check_format_file(file));
  for (const BankFacts& bank : catalog.banks()) {
    INFO(bank.id);
    CHECK_FALSE((bank.domains.empty() && bank.addresses.empty()));
    CHECK(bank.code.size() == 4);
  }
}

TEST_CASE("a notice of Fio is read from its lines") {
  Message message = mail(
      "Příjem na kontě: 2052601819\nČástka: 4 840,00\nVS: 26080117\n"
      "Zpráva příjemci: FAKTURA 26080117\nAktuální zůstatek: 57 312,45\n"
      "Protiúčet: 131-1126906048/0100\nSS: 0\nKS: 308\n");
  message.from_address = "automat@fio.cz";
  const Notice notice = read_notice(message, Catalog::built_in(), {});
  INFO(problem(notice) << explain_notice(message, Catalog::built_in(), {}));
  REQUIRE(std::holds_alternative<Payments>(notice));
  const Payment& payment = std::get<Payments>(notice).front();
  CHECK(payment.amount.decimal() == "4840.00");
  CHECK(payment.direction == Direction::incoming);
  CHECK(payment.own_account->str() == "2052601819/2010");
  CHECK(payment.counterparty.account->str() == "131-1126906048/0100");
  CHECK(payment.variable_symbol->str() == "26080117");
  CHECK(payment.message == "FAKTURA 26080117");
  CHECK(payment.balance->decimal() == "57312.45");
  CHECK(payment.constant_symbol->str() == "308");
  CHECK_FALSE(payment.specific_symbol);
}
