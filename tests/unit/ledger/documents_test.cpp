#include "ledger/documents.hpp"

#include <catch2/catch.hpp>

#include "ledger/database.hpp"
#include "scratch.hpp"

using namespace paymentctl;

namespace {

struct Fixture {
  Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  BoxKey box = ledger.box("default", "box");

  Document find(const std::string& number) {
    return find_document(ledger, box, {DocumentKind::issued_invoice, number, ""}).value().document;
  }
};

}  // namespace

TEST_CASE("importing a document again changes it in place") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("7", "100.00")});
  Document changed = invoice("7", "150.00");
  changed.due_on = Date::from_iso("2026-09-01");
  f.ledger.transaction([&] {
    DocumentImport import(f.ledger, f.box, at_noon());
    import.put(changed);
    import.put(invoice("8", "1.00"));
    CHECK(import.counts().changed == 1);
    CHECK(import.counts().added == 1);
  });
  CHECK(f.find("7").outstanding == money_of("150.00"));
  CHECK(f.find("7").due_on == Date::from_iso("2026-09-01"));
  CHECK(list_documents(f.ledger, f.box, {}).size() == 2);
}

TEST_CASE("a document that stands in one import twice is refused by name") {
  Fixture f;
  CHECK_THROWS_WITH(put_documents(f.ledger, f.box, {invoice("7", "1.00"), invoice("7", "2.00")}),
                    Catch::Contains("issued_invoice 7 stands in this import twice"));
  CHECK(list_documents(f.ledger, f.box, {}).empty());
}

TEST_CASE("a document that is as it was is not written again, and stands in an import once too") {
  Fixture f;
  const auto written = [&] {
    return f.ledger.database().rows<std::string, std::int64_t>(
        "SELECT number, import_run FROM document ORDER BY number");
  };
  put_documents(f.ledger, f.box, {invoice("7", "1.00"), invoice("8", "1.00")});
  const auto before = written();
  put_documents(f.ledger, f.box, {invoice("7", "1.00"), invoice("9", "1.00")});
  const auto after = written();
  REQUIRE(after.size() == 3);
  CHECK(after[0] == before[0]);
  CHECK(after[1] == before[1]);
  for (const char* second : {"1.00", "2.00"}) {
    CHECK_THROWS_WITH(put_documents(f.ledger, f.box, {invoice("7", "1.00"), invoice("7", second)}),
                      Catch::Contains("issued_invoice 7 stands in this import twice"));
    CHECK_THROWS_WITH(put_documents(f.ledger, f.box, {invoice("7", "2.00"), invoice("7", second)}),
                      Catch::Contains("issued_invoice 7 stands in this import twice"));
  }
  CHECK(f.find("7").amount == money_of("1.00"));
}

TEST_CASE("a paid document cannot be lowered below what is paid nor change its currency") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("7", "100.00")});
  f.ledger.database().execute(
      "UPDATE document SET paid = 4000, outstanding = 6000, "
      "status = 'partially_paid'");
  CHECK_THROWS_WITH(put_documents(f.ledger, f.box, {invoice("7", "39.99")}),
                    Catch::Contains("issued_invoice 7 cannot be lowered to 39.99"));
  Document euros = invoice("7", "100.00");
  euros.currency = Currency::eur();
  CHECK_THROWS_WITH(put_documents(f.ledger, f.box, {euros}), Catch::Contains("cannot become EUR"));
  put_documents(f.ledger, f.box, {invoice("7", "40.00")});
  CHECK(f.find("7").status == DocumentStatus::paid);
}

TEST_CASE("received invoices of two partners may have one number, issued ones may not") {
  Fixture f;
  std::vector<Document> both = {invoice("7", "1.00", "11111111"), invoice("7", "2.00", "22222222")};
  for (Document& document : both) document.kind = DocumentKind::received_invoice;
  put_documents(f.ledger, f.box, both);
  CHECK(list_documents(f.ledger, f.box, {}).size() == 2);
  CHECK(find_document(f.ledger, f.box, {DocumentKind::received_invoice, "7", "id:22222222"})
            ->document.amount == money_of("2.00"));
}

TEST_CASE("a company sees only its own documents, its boxes share them") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("7", "1.00")});
  CHECK(list_documents(f.ledger, f.ledger.box("default", "second"), {}).size() == 1);
  CHECK(list_documents(f.ledger, f.ledger.box("another", "box"), {}).empty());
}

TEST_CASE("the finder answers what the rules ask") {
  Fixture f;
  Document zeros = invoice("0026", "5.00");
  Document dashed = invoice("FV-2026-0012", "6.00", "33333333");
  dashed.variable_symbol.reset();
  dashed.partner.account = AccountNumber::parse("2000145399/0800");
  Document euros = invoice("26", "5.00");
  euros.currency = Currency::eur();
  put_documents(f.ledger, f.box, {zeros, dashed, euros});
  const auto finder = document_finder(f.ledger, f.box);
  CHECK(finder->open_with_symbol(Direction::incoming, Symbol::parse("26").value()).size() == 2);
  CHECK(finder->open_with_symbol(Direction::outgoing, Symbol::parse("26").value()).empty());
  CHECK(finder->settled_with_symbol(Direction::incoming, Symbol::parse("26").value()).empty());
  CHECK(finder->owners(AccountNumber::parse("2000145399/0800").value()) ==
        std::vector<std::string>{"id:33333333"});
  CHECK(finder->owners(AccountNumber::parse("19-2000145399/0800").value()).empty());
  const AmountRange six{money_of("6.00"), money_of("6.00")};
  CHECK(finder->open_of_partner(Direction::incoming, "id:33333333", Currency::czk(), six).size() ==
        1);
  CHECK(finder->open_named(Direction::incoming, "20260012", Currency::czk(), six).size() == 1);
  CHECK(finder->open_named(Direction::incoming, "20260012", Currency::eur(), six).empty());
}

TEST_CASE("a large import leaves every index where it was, done or undone") {
  Fixture f;
  const auto names = [&] {
    std::vector<std::string> found;
    for (const IndexText& index : f.ledger.database().indices_of("document")) {
      found.push_back(index.name + ": " + index.create);
    }
    return found;
  };
  const std::vector<std::string> before = names();
  REQUIRE(before.size() == (test_server() ? 0 : 4));  // on a server they are left alone
  std::vector<Document> many;
  for (int number = 1; number <= 20'001; ++number) {
    many.push_back(invoice(std::to_string(number), "1.00"));
  }
  std::vector<Document> doubled = many;
  doubled.push_back(many.front());
  CHECK_THROWS_WITH(put_documents(f.ledger, f.box, doubled), Catch::Contains("twice"));
  CHECK(list_documents(f.ledger, f.box, {}).empty());
  CHECK(names() == before);

  put_documents(f.ledger, f.box, many);
  CHECK(names() == before);
  CHECK(f.find("20001").outstanding == money_of("1.00"));
  CHECK(document_finder(f.ledger, f.box)
            ->open_with_symbol(Direction::incoming, Symbol::parse("20001").value())
            .size() == 1);
}

TEST_CASE("documents of several states come in one order, page by page") {
  Fixture f;
  std::vector<Document> documents;
  for (int number = 1; number <= 9; ++number) {
    documents.push_back(invoice(std::to_string(number), "1.00"));
  }
  put_documents(f.ledger, f.box, documents);
  f.ledger.database().execute(
      "UPDATE document SET paid = 100, outstanding = 0, status = 'paid' WHERE id % 3 = 0");
  f.ledger.database().execute(
      "UPDATE document SET outstanding = 0, status = 'cancelled' WHERE id % 3 = 1");
  const auto listed = [&](const std::vector<DocumentStatus>& statuses,
                          const std::string& number = "") {
    DocumentFilter filter;
    filter.statuses = statuses;
    filter.number = number;
    filter.limit = 2;
    std::string numbers;
    each_document(f.ledger, f.box, filter,
                  [&](const DocumentRow& row) { numbers += row.document.number; });
    return numbers;
  };
  using Status = DocumentStatus;
  CHECK(listed({}) == "123456789");
  CHECK(listed({Status::paid, Status::open}) == "235689");
  CHECK(listed({Status::cancelled}) == "147");
  CHECK(listed({}, "4") == "4");
  CHECK(listed({Status::cancelled}, "4") == "4");
  CHECK(listed({Status::open}, "4").empty());
}
