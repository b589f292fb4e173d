#include "import/statement.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "model/error.hpp"
#include "model/json.hpp"
#include "model/names.hpp"

using namespace paymentctl;

namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(PAYMENTCTL_TESTS) / "statements";

StatementSettings settings() {
  StatementSettings made;
  made.own_accounts = {{AccountNumber::parse("2052601819/2010").value(), Currency::czk()}};
  made.today = Date::from(2026, 9, 1).value();
  return made;
}

std::string content_of(const fs::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::ostringstream content;
  content << input.rdbuf();
  return content.str();
}

std::vector<BankStatement> read(
    const std::string& content, const StatementSettings& with,
    const MovementSink& sink = [](const StatementMovement&) {}) {
  std::istringstream input(content);
  const auto format = recognise_statement(content.substr(0, 4096));
  REQUIRE(format);
  return read_statements(input, "file", *format, with, sink);
}

template <typename Value>
void put(Json& json, const char* name, const std::optional<Value>& value) {
  if (!value) return;
  if constexpr (std::is_same_v<Value, std::string>) {
    json[name] = *value;
  } else {
    json[name] = value->str();
  }
}

Json shown(const StatementMovement& movement) {
  const Payment& payment = movement.payment;
  Json json = {{"line", movement.line},
               {"direction", name_of(payment.direction)},
               {"amount", payment.amount.decimal()},
               {"booked_on", payment.booked_on.iso()}};
  put(json, "account", payment.counterparty.account);
  put(json, "name", payment.counterparty.name);
  put(json, "vs", payment.variable_symbol);
  put(json, "ks", payment.constant_symbol);
  put(json, "ss", payment.specific_symbol);
  put(json, "message", payment.message);
  put(json, "reference", payment.bank_reference);
  if (payment.reversal) json["reversal"] = true;
  if (payment.kind != PaymentKind::transfer) json["kind"] = name_of(payment.kind);
  return json;
}

Json read_as_json(const std::string& content, const StatementSettings& with) {
  std::vector<Json> movements;
  const auto statements = read(content, with, [&](const StatementMovement& movement) {
    movements.resize(std::max(movements.size(), movement.statement + 1), Json::array());
    movements[movement.statement].push_back(shown(movement));
  });
  movements.resize(statements.size(), Json::array());
  Json all = Json::array();
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const BankStatement& statement = statements[i];
    all.push_back({{"account", statement.account.value().str()},
                   {"currency", statement.currency.code()},
                   {"number", statement.number},
                   {"from", statement.from.iso()},
                   {"to", statement.to.iso()},
                   {"opening", statement.opening.decimal()},
                   {"closing", statement.closing.decimal()},
                   {"movements", movements[i]}});
  }
  return all;
}

std::string error_of(const std::string& content, const StatementSettings& with = settings()) {
  try {
    read(content, with);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::data);
    return error.what();
  }
  return "none";
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("Each statement in tests/statements reads as the file beside it says") {
  int files = 0;
  StatementSettings with = settings();
  with.own_accounts.push_back({AccountNumber::parse("6066176030/0800").value(), Currency::czk()});
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".expected") continue;
    ++files;
    fs::path file = entry.path();
    file.replace_extension();
    INFO(file.filename());
    StatementSettings own = with;
    if (file.filename() == "version-08.xml") own.own_accounts.back().currency = Currency::eur();
    const std::string content = content_of(file);
    // Members in whatever order.
    const auto sorted = [](const std::string& text) { return nlohmann::json::parse(text).dump(1); };
    CHECK(sorted(read_as_json(content, own).dump()) == sorted(content_of(entry.path())));
  }
  CHECK(files >= 9);
}

TEST_CASE("A GPC file that is wrong is refused with its line and value") {
  const std::string good = content_of(folder / "gpc/fio.gpc");
  const auto line = [&good](int number) {
    std::istringstream input(good);
    std::string text;
    for (int i = 0; i < number; ++i) std::getline(input, text);
    return text;
  };
  const std::string item = line(2);
  const auto with_item = [&](std::size_t column, const std::string& text) {
    std::string changed = item;
    return replaced(good, item, changed.replace(column - 1, text.size(), text));
  };
  struct Case {
    const char* what;
    std::string content;
    const char* error;
  };
  const Case cases[] = {
      {"ends in the middle of a line", good.substr(0, good.size() - 60),
       "line 8: the movement has"},
      {"ends behind a movement", good.substr(0, good.find(line(5))), "a difference of 10698.65"},
      {"closing balance", replaced(good, "3158865+", "3158866+"), "a difference of 0.01"},
      {"own account fails modulo 11", replaced(good, "0000002052601819", "0000002052601818"),
       "line 1: the account is '0000002052601818'"},
      {"own account of nobody", replaced(good, "0000002052601819", "0000002901618114"),
       "--account NUMBER/BANK"},
      {"amount of zero", with_item(49, "000000000000"),
       "line 2: the movement has an amount of zero"},
      {"amount with a letter", with_item(49, "00000108900O"),
       "line 2: the amount is '00000108900O'"},
      {"posting code of another bank", with_item(61, "3"), "line 2: the posting code is '3'"},
      {"posting code unknown", with_item(61, "9"), "1, 2, or 4 and 5"},
      {"a day that is none", with_item(123, "310226"), "line 2: the day is '310226'"},
      {"a day in the future", with_item(123, "120936"), "2036-09-12"},
      {"another currency", with_item(118, "00978"), "line 2: the movement is in EUR"},
      {"another record", replaced(good, "078Fa", "077Fa"), "the type of the record is '077'"},
      {"no header", good.substr(good.find("075")), "none"},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    if (std::string(each.error) == "none") {
      CHECK_FALSE(recognise_statement(each.content));
      continue;
    }
    CHECK_THAT(error_of(each.content), Catch::Contains(each.error));
  }
}

TEST_CASE("A camt.053 file that is wrong is refused with its line") {
  const std::string good = content_of(folder / "camt/version-02.xml");
  struct Case {
    const char* what;
    std::string content;
    const char* error;
  };
  const Case cases[] = {
      {"truncated", good.substr(0, good.size() / 2), "is the file complete"},
      {"a DOCTYPE with an entity",
       replaced(good, "<Document", "<!DOCTYPE d [<!ENTITY e \"x\">]><Document"), "DOCTYPE"},
      {"closing balance", replaced(good, "2450.00", "2450.10"), "a difference of 0.10"},
      {"no closing balance", replaced(good, "CLBD", "CLAV"), "no closing balance"},
      {"amount of zero", replaced(good, ">50.00<", ">0.00<"), "an amount of zero"},
      {"amount with three decimals", replaced(good, ">50.00<", ">50.001<"),
       "line 25: the amount is '50.001'"},
      {"no sign", replaced(good, "DBIT", "DEBIT"), "CdtDbtInd is 'DEBIT'"},
      {"a day in the future",
       replaced(good, "2026-08-31</Dt></BookgDt>", "2099-08-31</Dt></BookgDt>"),
       "line 25: the day of booking is '2099-08-31'"},
      {"IBAN with wrong check digits", replaced(good, "<IBAN>CZ", "<IBAN>CZ9"), "the account is"},
      {"another currency", replaced(good, "<Amt Ccy=\"CZK\">50.00", "<Amt Ccy=\"EUR\">50.00"),
       "the currency is 'EUR'"},
      {"not in its encoding",
       replaced(good, "Smetáček",
                "Smet\xE1\xE8"
                "ek"),
       "encoding"},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    CHECK_THAT(error_of(each.content), Catch::Contains(each.error));
  }
}

TEST_CASE("An MT940 file that is wrong is refused with its line") {
  const std::string good = content_of(folder / "mt940/multicash.sta");
  struct Case {
    const char* what;
    std::string content;
    const char* error;
  };
  const Case cases[] = {
      {"truncated", good.substr(0, good.find(":62F:")), "has no end; is the file whole?"},
      {"closing balance", replaced(good, ":62F:C260805CZK15", ":62F:C260805CZK16"),
       "a difference of 1.00"},
      {"a mark that is none", replaced(good, ":61:260805RD", ":61:260805RX"),
       "the movement is '260805RX5,00NTRFNONREF'"},
      {"amount without a comma", replaced(good, "RD5,00", "RD500"), "line 15: the movement is"},
      {"amount of zero", replaced(good, "RD5,00", "RD0,00"), "an amount of zero"},
      {"a day in the future", replaced(good, ":61:260805", ":61:360805"), "2036-08-05"},
      {"account", replaced(good, ":25:CZ", ":25:XX"), "line 3: the account is"},
      {"balance", replaced(good, ":60F:D260801", ":60F:X260801"), "the balance is"},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    CHECK_THAT(error_of(each.content), Catch::Contains(each.error));
  }
}

TEST_CASE("Fio's JSON that is wrong is refused with its line") {
  const std::string good = content_of(folder / "fio-json/august.json");
  struct Case {
    const char* what;
    std::string content;
    const char* error;
  };
  const Case cases[] = {
      {"truncated", good.substr(0, good.size() - 30), "not valid JSON"},
      {"closing balance", replaced(good, "12345678901.02", "12345678901.03"),
       "a difference of 0.01"},
      {"three decimals", replaced(good, "-0.95", "-0.951"), "line 4: column1 is '-0.951'"},
      {"in exponents", replaced(good, "-0.95", "-9.5e-1"), "line 4: column1 is '-9.5e-1'"},
      {"amount of zero", replaced(good, "-0.95", "0.00"), "an amount of zero"},
      {"a day in the future",
       replaced(good, "2026-08-31+0200\",\"name", "2126-08-31+0200\",\"name"),
       "line 5: the day of booking is '2126-08-31'"},
      {"another currency", replaced(good, "\"CZK\",\"name", "\"EUR\",\"name"),
       "line 3: the currency is 'EUR'"},
      {"number beside the IBAN", replaced(good, "2052601819\",\"bankId", "2052601818\",\"bankId"),
       "none"},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    if (std::string(each.what) == "number beside the IBAN") {
      // The IBAN says it.
      CHECK(error_of(each.content) == "none");
      continue;
    }
    CHECK_THAT(error_of(each.content), Catch::Contains(each.error));
  }
}

TEST_CASE("A statement of another account than the one asked for is refused") {
  StatementSettings with = settings();
  with.account = AccountNumber::parse("6066176030/0800");
  CHECK_THAT(error_of(content_of(folder / "fio-json/august.json"), with),
             Catch::Contains("not of 6066176030/0800"));
  CHECK_THAT(error_of(content_of(folder / "gpc/fio.gpc"), with),
             Catch::Contains("not of 6066176030/0800"));
}

TEST_CASE("What is no statement is not taken for one") {
  CHECK_FALSE(recognise_statement(""));
  CHECK_FALSE(recognise_statement("kind,number,amount\n"));
  CHECK_FALSE(recognise_statement("<Invoice xmlns=\"http://isdoc.cz/namespace/2013\"/>"));
  CHECK_FALSE(recognise_statement("{\"documents\":[]}"));
  CHECK_FALSE(recognise_statement("0740"));
}
