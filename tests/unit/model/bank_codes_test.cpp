#include "model/bank_codes.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace paymentctl;

TEST_CASE("the list of bank codes is in order, each code four digits with a name") {
  const auto& codes = bank_codes();
  REQUIRE(codes.size() >= 50);
  CHECK(std::is_sorted(codes.begin(), codes.end(),
                       [](const auto& a, const auto& b) { return a.code < b.code; }));
  for (const BankCode& bank : codes) {
    INFO(bank.code);
    CHECK(bank.code.size() == 4);
    CHECK(bank.code.find_first_not_of("0123456789") == std::string::npos);
    CHECK_FALSE(bank.name.empty());
    CHECK(bank.name.find('"') == std::string::npos);
  }
}

TEST_CASE("a bank is found by its code, current and historic") {
  CHECK(bank_of_code("0100")->name == "Komerční banka");
  CHECK(bank_of_code("2060")->name == "Citfin, spořitelní družstvo");
  CHECK_FALSE(bank_of_code("0800")->historic);
  CHECK(bank_of_code("2400")->historic);
  for (const char* unknown : {"", "0000", "010", "01000", "2011"}) {
    INFO(unknown);
    CHECK_FALSE(bank_of_code(unknown));
  }
}
