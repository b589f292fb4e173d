#include <catch2/catch.hpp>

#include "model/amount.hpp"
#include "model/date.hpp"
#include "model/error.hpp"
#include "model/symbol.hpp"

using paymentctl::Amount;
using paymentctl::Date;
using paymentctl::Symbol;

TEST_CASE("An amount is read from a decimal and written with two decimals") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"3898.00", "3898.00"},
      {"12", "12.00"},
      {"-12.5", "-12.50"},
      {"0.07", "0.07"},
      {"-0.07", "-0.07"},
      {"999999999999.99", "999999999999.99"},
  }));
  CHECK(Amount::from_decimal(text).value().decimal() == expected);
}

TEST_CASE("An amount that is no decimal, or too large, is none") {
  const auto text = GENERATE(as<std::string>{}, "", "-", ".", "1.", ".5", "1.234", "1,00", "1 000",
                             "+1", "--1", "1000000000000.00", "99999999999999999999999", "0x10");
  CHECK_FALSE(Amount::from_decimal(text));
}

TEST_CASE("A sum beyond every ledger is an error, not an overflow") {
  const Amount large = Amount::from_minor(Amount::largest * 90);
  CHECK_THROWS_AS(large + Amount::from_minor(1), paymentctl::Error);
}

TEST_CASE("A symbol loses leading zeros and keeps trailing ones") {
  CHECK(Symbol::parse("0308").value().str() == "308");
  CHECK(Symbol::parse("2606000").value().str() == "2606000");
  CHECK(Symbol::parse("0007002600124").value().str() == "7002600124");
}

TEST_CASE("A symbol of zeros, of more than ten digits, or of other signs is none") {
  const auto text = GENERATE(as<std::string>{}, "", "0", "0000000000", "12345678901", "12a", "-1",
                             "1234567890123456789012345678901234567890");
  CHECK_FALSE(Symbol::parse(text));
}

TEST_CASE("Only days that exist are dates") {
  CHECK(Date::from_iso("2024-02-29").value().iso() == "2024-02-29");
  const auto text = GENERATE(as<std::string>{}, "2026-02-29", "2026-13-01", "2026-1-01", "",
                             "1899-12-31", "2200-01-01", "2026/01/01", "2026-01-0a");
  CHECK_FALSE(Date::from_iso(text));
}
