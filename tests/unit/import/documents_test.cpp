#include "import/documents.hpp"

#include <sstream>
#include <vector>

#include <catch2/catch.hpp>

#include "import/csv.hpp"
#include "model/error.hpp"

using namespace paymentctl;

namespace {

std::vector<Document> read(const std::string& text,
                           DocumentFileFormat format = DocumentFileFormat::csv) {
  std::istringstream input(text);
  std::vector<Document> documents;
  read_documents(input, "documents.csv", format,
                 [&](const Document& document) { documents.push_back(document); });
  return documents;
}

std::string complaint(const std::string& text,
                      DocumentFileFormat format = DocumentFileFormat::csv) {
  try {
    read(text, format);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::data);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a CSV file is read as people write it") {
  const std::vector<std::string> same = {
      "kind,number,amount,partner_name\nissued_invoice,130100024,10890.00,\"Smetáček, s.r.o.\"\n",
      "\xEF\xBB\xBFkind,number,amount,partner_name\r\nissued_invoice,130100024,10890.00,"
      "\"Smetáček, s.r.o.\"\r\n",
      "partner_name;amount;number;kind\n\"Smetáček, s.r.o.\";10890.00;130100024;issued_invoice",
      "partner_name;amount;number;kind\n\nSmetáček, s.r.o.; 10890 ;130100024;issued_invoice\n\n",
  };
  for (const std::string& text : same) {
    INFO(text);
    const auto documents = read(text);
    REQUIRE(documents.size() == 1);
    CHECK(documents[0].number == "130100024");
    CHECK(documents[0].amount.decimal() == "10890.00");
    CHECK(documents[0].outstanding == documents[0].amount);
    CHECK(documents[0].partner.name == "Smetáček, s.r.o.");
    CHECK(documents[0].variable_symbol == "130100024");
    CHECK(documents[0].currency == Currency::czk());
  }
}

TEST_CASE("quotation marks may hold line breaks and doubled marks") {
  const auto documents =
      read("kind,number,amount,partner_name\nissued_invoice,1,1,\"U \"\"Lva\"\"\"\n");
  REQUIRE(documents.size() == 1);
  CHECK(documents[0].partner.name == "U \"Lva\"");
  CHECK(complaint("kind,number,amount\nissued_invoice,\"1\n2\",1\nissued_invoice,2,x\n")
            .find("line 4, column amount") != std::string::npos);
}

TEST_CASE("an absent symbol is the digits of the number when these are 1 to 10") {
  const auto documents = read(
      "kind,number,amount,variable_symbol\nissued_invoice,FV-2026-0012,1,\n"
      "issued_invoice,12345678901,1,\nissued_invoice,bez,1,\nissued_invoice,7,1,0042\n");
  REQUIRE(documents.size() == 4);
  CHECK(documents[0].variable_symbol == "20260012");
  CHECK_FALSE(documents[1].variable_symbol);
  CHECK_FALSE(documents[2].variable_symbol);
  CHECK(documents[3].variable_symbol == "0042");
}

TEST_CASE("a negative amount is a credit note: the opposite kind with the positive amount") {
  const auto documents = read(
      "kind,number,amount\nissued_invoice,1,-5.50\nreceived_invoice,2,-5\n"
      "other_receivable,3,-5\nother_payable,4,-5\n");
  REQUIRE(documents.size() == 4);
  CHECK(documents[0].kind == DocumentKind::received_invoice);
  CHECK(documents[0].amount.decimal() == "5.50");
  CHECK(documents[1].kind == DocumentKind::issued_invoice);
  CHECK(documents[2].kind == DocumentKind::other_payable);
  CHECK(documents[3].kind == DocumentKind::other_receivable);
}

TEST_CASE("a bad value is named by file, line, column, value and what is wanted") {
  const std::string header =
      "kind,number,amount,currency,partner_account,variable_symbol,issued_on\n";
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"invoice,1,1,,,,", "column kind: \"invoice\"", "issued_invoice"},
      {"issued_invoice,,1,,,,", "column number", "required"},
      {"issued_invoice,1,,,,,", "column amount", "required"},
      {"issued_invoice,1,1.234,,,,", "column amount: \"1.234\"", "10890.00"},
      {"issued_invoice,1,0,,,,", "column amount: \"0\"", "not 0"},
      {"issued_invoice,1,99999999999999999999,,,,", "column amount", "999999999999.99"},
      {"issued_invoice,1,1e3,,,,", "column amount: \"1e3\"", "decimal"},
      {"issued_invoice,1,1,czk,,,", "column currency: \"czk\"", "CZK"},
      {"issued_invoice,1,1,,123456789/0800,,", "column partner_account", "check digits"},
      {"issued_invoice,1,1,,,12345678901,", "column variable_symbol", "1 to 10 digits"},
      {"issued_invoice,1,1,,,,2026-02-31", "column issued_on: \"2026-02-31\"", "YYYY-MM-DD"},
      {"issued_invoice,1,1,,,", "line 2", "6 fields, the header has 7"},
      {"issued_invoice,1\xFF,1,,,,", "column number", "UTF-8"},
      {std::string("issued_invoice,1\0,1,,,,", 24), "column number", "control characters"},
      {"issued_invoice,\"1\"x,1,,,,", "line 2", "closing quotation mark"},
      {"issued_invoice,\"1,1,,,,", "line 2", "never closed"},
  };
  for (const auto& [line, place, wanted] : cases) {
    INFO(line);
    const std::string text = complaint(header + line + "\n");
    CHECK(text.find("documents.csv line 2") == 0);
    CHECK(text.find(place) != std::string::npos);
    CHECK(text.find(wanted) != std::string::npos);
  }
}

TEST_CASE("a header that is not understood is refused before any line") {
  CHECK(complaint("").find("empty") != std::string::npos);
  CHECK(complaint("kind,number\n").find("column amount") != std::string::npos);
  CHECK(complaint("kind,number,amount,total\nissued_invoice,1,1,1\n").find("\"total\"") !=
        std::string::npos);
  CHECK(complaint("kind,number,amount,kind\n").find("twice") != std::string::npos);
}

TEST_CASE("not more than twenty mistakes are told, and none is left out before") {
  std::string text = "kind,number,amount\n";
  for (int i = 0; i < 1000; ++i) text += "issued_invoice,1,x\n";
  const std::string told = complaint(text);
  CHECK(std::count(told.begin(), told.end(), '\n') == 20);
  CHECK(told.find("line 21,") != std::string::npos);
  CHECK(told.find("line 22,") == std::string::npos);
}

TEST_CASE("what the sink refuses is told with its line") {
  std::istringstream input("kind,number,amount\nissued_invoice,1,1\nissued_invoice,2,1\n");
  CHECK_THROWS_WITH(read_documents(input, "d.csv", DocumentFileFormat::csv,
                                   [](const Document& document) {
                                     if (document.number == "2") {
                                       throw Error(ExitCode::data, "it is paid already");
                                     }
                                   }),
                    "d.csv line 3: it is paid already");
  std::istringstream again("kind,number,amount\nissued_invoice,1,1\n");
  CHECK_THROWS_AS(read_documents(again, "d.csv", DocumentFileFormat::csv,
                                 [](const Document&) { throw Error(ExitCode::io, "disk full"); }),
                  Error);
}

TEST_CASE("JSON and NDJSON hold the same members") {
  const std::string first = R"({"kind":"issued_invoice","number":"1","amount":"10.10"})";
  const std::string second =
      "{\"kind\":\"other_payable\",\n\"number\":2,\"amount\":12345678901.10,\"due_on\":null}";
  const auto documents = read("[" + first + ",\n" + second + "]", DocumentFileFormat::json);
  REQUIRE(documents.size() == 2);
  CHECK(documents[1].number == "2");
  CHECK(documents[1].amount.decimal() == "12345678901.10");
  CHECK(read("[]", DocumentFileFormat::json).empty());
  CHECK(read(first + "\n\n" + first + "\r\n", DocumentFileFormat::ndjson).size() == 2);
}

TEST_CASE("JSON that is not an array of documents is refused with its line") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[\n{\"kind\":\"issued_invoice\",\"number\":\"1\",\"amount\":1e3}]",
       "line 2, column amount"},
      {"[\n{\"kind\":\"issued_invoice\",\"number\":\"1\",\"amount\":\"1\",\"total\":1}]",
       "\"total\""},
      {"[{\"number\":{}}]", "an object has no place"},
      {"[{\"number\":[]}]", "an array has no place"},
      {"[{\"number\":true}]", "true and false"},
      {"[{\"number\":\"1\",\"number\":\"2\"}]", "twice"},
      {"[1]", "a document is wanted"},
      {"{}", "an array of documents is wanted"},
      {"[\n\n{", "line 3"},
      {"", "not valid JSON"},
      {"[\"\xFF\"]", "not valid JSON"},
      {std::string(100'000, '['), "an array has no place"},
      {"[\"" + std::string(2'000'000, 'x'), "longer than 1 MiB"},
  };
  for (const auto& [text, told] : cases) {
    INFO(text.substr(0, 80));
    CHECK(complaint(text, DocumentFileFormat::json).find(told) != std::string::npos);
  }
  CHECK(complaint("{\"number\":\"1\"\n{}", DocumentFileFormat::ndjson).find("line 1") !=
        std::string::npos);
}

TEST_CASE("the format of a file is known by its name, else by its beginning") {
  CHECK(document_file_format("a.CSV", "[") == DocumentFileFormat::csv);
  CHECK(document_file_format("a.json", "") == DocumentFileFormat::json);
  CHECK(document_file_format("a.jsonl", "") == DocumentFileFormat::ndjson);
  CHECK(document_file_format("-", "\xEF\xBB\xBF [") == DocumentFileFormat::json);
  CHECK(document_file_format("-", "{") == DocumentFileFormat::ndjson);
  CHECK(document_file_format("-", "kind,") == DocumentFileFormat::csv);
}

TEST_CASE("a formula is guarded on its way out, and the same text again when it comes back") {
  const std::vector<std::pair<std::string, std::string>> cases = {{"=1+1", "'=1+1"},
                                                                  {"+420", "'+420"},
                                                                  {"@SUM(A1)", "'@SUM(A1)"},
                                                                  {"-2x", "'-2x"},
                                                                  {"-2.50", "-2.50"},
                                                                  {"'=1", "''=1"},
                                                                  {"''=1", "'''=1"},
                                                                  {"'s-Hage", "'s-Hage"},
                                                                  {"U Lva", "U Lva"},
                                                                  {"'", "'"},
                                                                  {"", ""},
                                                                  {"=\"a\"", "\"'=\"\"a\"\"\""},
                                                                  {"'-2.50", "''-2.50"}};
  for (const auto& [text, field] : cases) {
    INFO(text);
    CHECK(csv_field(text) == field);
    std::istringstream input(field);
    CsvReader reader(input);
    CsvRecord record;
    if (text.empty()) continue;
    REQUIRE(reader.next(record));
    CHECK(without_guard(record.fields.at(0)) == text);
  }
}
