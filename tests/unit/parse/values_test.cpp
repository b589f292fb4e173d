#include "parse/values.hpp"

#include <catch2/catch.hpp>

#include "parse/folded_text.hpp"

using namespace paymentctl;

namespace {

std::string amount(const char* text) {
  const auto read = read_amount(fold_words(text));
  if (const auto* fault = std::get_if<AmountFault>(&read)) {
    return *fault == AmountFault::too_large ? "too large" : "unreadable";
  }
  const auto& value = std::get<ReadAmount>(read);
  return (value.sign == 0 ? "" : std::string(1, value.sign)) + value.amount.decimal();
}

std::string account(const char* text, const char* code = "") {
  const std::string folded = fold_words(text);
  const ReadAccount read = read_account(folded, code);
  if (read.account) return read.account->str();
  return read.masked ? "masked" : read.rejected ? "rejected" : "none";
}

std::string date(const char* text) {
  const auto read = read_date(text);
  return read ? read->iso() : "none";
}

std::string time(const char* text) { return read_time(text).value_or("none"); }

}  // namespace

TEST_CASE("amounts are read as banks print them, and nothing is guessed") {
  const std::pair<const char*, const char*> cases[] = {
      {"3 898,00", "3898.00"},
      {"3\u00a0898,00", "3898.00"},
      {"68\u202f244,55", "68244.55"},
      {"3.898,00", "3898.00"},
      {"3,898.00", "3898.00"},
      {"1,204,318.07", "1204318.07"},
      {"2 541.00", "2541.00"},
      {"2662,50", "2662.50"},
      {"22222", "22222.00"},
      {"1.234", "1234.00"},
      {"12,05", "12.05"},
      {"+57.200,00", "+57200.00"},
      {"- 14\u00a0520,00", "-14520.00"},
      {"\u22121 210,00", "-1210.00"},
      {"0,00", "0.00"},
      {"999999999999,99", "999999999999.99"},
      {"1 000 000 000 000,00", "too large"},
      {"99999999999999999999999,00", "too large"},
      {"12,5", "unreadable"},
      {"12 34,00", "unreadable"},
      {"1234.567,00", "unreadable"},
      {"1,204.318,07", "unreadable"},
      {"--5,00", "unreadable"},
      {"5,00-", "unreadable"},
      {"1e5", "unreadable"},
      {"", "unreadable"},
      {"-", "unreadable"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(amount(text) == expected);
  }
}

TEST_CASE("dates and times must exist") {
  const std::pair<const char*, const char*> dates[] = {
      {"25.08.2026", "2026-08-25"}, {"2. 9. 2026", "2026-09-02"}, {"9.6.2026", "2026-06-09"},
      {"2026-08-25", "2026-08-25"}, {"29.02.2024", "2024-02-29"}, {"31.02.2026", "none"},
      {"29.02.2025", "none"},       {"1.13.2026", "none"},        {"0.1.2026", "none"},
      {"1.1.26", "none"},           {"1.1.2026x", "none"},        {"", "none"},
      {"1.1.99999", "none"},
  };
  for (const auto& [text, expected] : dates) {
    INFO(text);
    CHECK(date(text) == expected);
  }
  const std::pair<const char*, const char*> times[] = {
      {"13:17", "13:17"}, {"8:20", "08:20"}, {"11:47:09", "11:47:09"}, {"24:00", "none"},
      {"12:60", "none"},  {"12:6", "none"},  {"12:06:", "none"},       {"", "none"},
  };
  for (const auto& [text, expected] : times) {
    INFO(text);
    CHECK(time(text) == expected);
  }
}

TEST_CASE("accounts are read in every shape that banks print") {
  const std::pair<const char*, const char*> cases[] = {
      {"131-1126906048/0100", "131-1126906048/0100"},
      {"0-531417059/0600", "531417059/0600"},
      {"000019-2152882005/0800", "19-2152882005/0800"},
      {"350047431/2700/CZK", "350047431/2700"},
      {"SK0811000000002946281949/", "SK0811000000002946281949"},
      {"SK4381000000003455853046/8100", "SK4381000000003455853046"},
      {"NL05 TEST 0417 1643 00", "NL05TEST0417164300"},
      {"CZ8301000001071471049745", "107-1471049745/0100"},
      {"/", "none"},
      {"*", "none"},
      {"", "none"},
      {"0/0000", "none"},
      {"/0100", "none"},
      {"platba kartou", "none"},
      {"242***285", "masked"},
      {"...8044/0800", "masked"},
      {"400000XXXXXX0002", "masked"},
      {"131-1126906049/0100", "rejected"},
      {"SK0911000000002946281949", "rejected"},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(account(text) == expected);
  }
  CHECK(account("182633043", "0300") == "182633043/0300");
  CHECK(account("182633043") == "rejected");
  CHECK(read_account("/0100").code == "0100");
}

TEST_CASE("a masked account fits the one with the same visible digits") {
  const auto ours = *AccountNumber::parse("242646285/0600");
  CHECK(fits_masked(ours, "242***285"));
  CHECK_FALSE(fits_masked(ours, "242***286"));
  CHECK_FALSE(fits_masked(ours, "***"));
  CHECK_FALSE(fits_masked(ours, "2**2*285"));
}

TEST_CASE("folding drops diacritics, case and blanks, and leads back to what stood there") {
  const std::string text = "> Částka:\u00a0\u202f 3\t025 \u200bKč \r\n>> ĚŠČ  ŘŽ\ufeff\n\nKonec";
  const FoldedText folded = fold(text);
  CHECK(folded.text == "castka: 3 025 kc\nesc rz\n\nkonec");
  CHECK(folded.lines.size() == 4);
  CHECK(folded.origin.size() == folded.text.size() + 1);
  CHECK(folded.value(0, folded.text.size()) == "Částka: 3 025 Kč ĚŠČ ŘŽ Konec");
  CHECK(folded.value(folded.lines[1].begin, folded.lines[1].end) == "ĚŠČ ŘŽ");
}

TEST_CASE("folding takes any bytes") {
  for (const char* text : {"\xff\xfe", "a\xc3", "\xe2\x80", "\xf0\x9f\x98\x80 a", "\xc0\x80"}) {
    CHECK_NOTHROW(fold(text));
  }
}
