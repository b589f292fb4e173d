#include "model/account_number.hpp"

#include <catch2/catch.hpp>

using paymentctl::AccountNumber;

namespace {

std::string canonical(std::string_view text, std::string_view default_bank = {}) {
  const auto account = AccountNumber::parse(text, default_bank);
  return account ? account->str() : "none";
}

}  // namespace

TEST_CASE("An account is brought to the one form in which accounts are compared") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"19-2000145399/0800", "19-2000145399/0800"},
      {"000019-2000145399/0800", "19-2000145399/0800"},
      {"0-531417059/0600", "531417059/0600"},
      {" 2901618114 / 2010 ", "2901618114/2010"},
      {"CZ6508000000192000145399", "19-2000145399/0800"},
      {"cz65 0800 0000 1920 0014 5399", "19-2000145399/0800"},
      {"SK0811000000002946281949/", "SK0811000000002946281949"},
      {"SK4381000000003455853046/8100", "SK4381000000003455853046"},
      {"NL05 TEST 0417 1643 00", "NL05TEST0417164300"},
      {"AT161234500012345678", "AT161234500012345678"},
  }));
  CHECK(canonical(text) == expected);
}

TEST_CASE("What is no account, or whose check digits fail, is none") {
  const auto text =
      GENERATE(as<std::string>{}, "", "/", "/0100", "*", "platba kartou", "2901618115/2010",
               "20-2000145399/0800", "242***285/0600", "0000000000/0100", "5/0100",
               "2901618114/20100", "2901618114/0000", "2901618114", "CZ6608000000192000145399",
               "SK0811000000002946281940", "SK0811000000002946281949/81000", "19-/0800",
               "-2000145399/0800", "12345678901/0100", "1-2-3/0100", "2901618114/2010/CZK");
  CHECK(canonical(text) == "none");
}

TEST_CASE("An account without a bank takes the default one") {
  CHECK(canonical("2901618114", "2010") == "2901618114/2010");
  CHECK(canonical("230792445/0300", "2010") == "230792445/0300");
}
