#include "ledger/copy.hpp"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "ledger/allocations.hpp"
#include "ledger/partners.hpp"
#include "ledger/posting.hpp"
#include "ledger/raw_mail.hpp"
#include "ledger/schema.hpp"
#include "ledger/status.hpp"
#include "platform/access.hpp"
#include "scratch.hpp"

using namespace paymentctl;

namespace {

Payment payment_of(const char* amount) {
  Payment payment;
  payment.bank = "2010";
  payment.amount = money_of(amount);
  payment.booked_on = Date::from_iso("2026-08-24").value();
  payment.message = "Faktura č. 1; \"uvozovky\", 'apostrof' a\nnový řádek";
  return payment;
}

void fill(Ledger& ledger, const std::string& company, int documents) {
  const BoxKey box = ledger.box(company, "box");
  std::vector<Document> invoices;
  for (int number = 1; number <= documents; ++number) {
    invoices.push_back(invoice(std::to_string(number), "100.00"));
  }
  put_documents(ledger, box, invoices);
  put_mail(ledger, box, company + " mail");
  ledger.transaction([&] {
    const auto mail = fetched_mails(ledger, box, 0, 1).at(0).id;
    PaymentOutcome outcome;
    outcome.status = PaymentStatus::paid;
    outcome.unallocated = money_of("0.00");
    const auto id = insert_payment(ledger, box, mail, payment_of("100.00"), outcome, at_noon());
    const auto document = find_document(ledger, box, {DocumentKind::issued_invoice, "1", ""});
    allocate(ledger, id, 1, 0, document.value(), money_of("100.00"), Amount());
    set_message_state(ledger, box, mail, MessageState::posted, "", "fio", at_noon());
    learn_account(ledger, box, AccountNumber::parse("19-2000145399/0800").value(), "id:26012345",
                  at_noon());
  });
  record_run(ledger, box, {});
}

std::set<std::string> tables_in(Ledger& ledger) {
  std::set<std::string> names;
  for (const auto& [name] : ledger.database().rows<std::string>(
           test_server() ? "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                           "current_schema()"
                         : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                           "'sqlite_%'")) {
    names.insert(name);
  }
  return names;
}

std::int64_t rows_of(const std::vector<CopiedTable>& tables, const std::string& name) {
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const CopiedTable& table) { return table.name == name; });
  return found == tables.end() ? -1 : found->rows;
}

}  // namespace

TEST_CASE("a copy knows every table of the ledger") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  std::set<std::string> names = {"schema_version", "lease"};
  for (const LedgerTable& table : ledger_tables()) names.insert(table.name);
  CHECK(names == tables_in(ledger));
}

TEST_CASE("a ledger moves from a file to a ledger and back, and goes on there") {
  const Scratch scratch;
  const Scratch other;
  Ledger file = Ledger::open(scratch.file());
  fill(file, "default", 2500);
  fill(file, "another", 1);
  Ledger there = Ledger::open(other.ledger());
  const auto copied = copy_ledger(file, there, {});
  CHECK(rows_of(copied, "document") == 2501);
  CHECK(rows_of(copied, "payment") == 2);
  Ledger back = Ledger::open(scratch.path("back.db").string());
  const auto returned = copy_ledger(there, back, {});
  REQUIRE(returned.size() == copied.size());
  for (std::size_t i = 0; i < copied.size(); ++i) CHECK(returned[i].content == copied[i].content);

  const BoxKey box = there.box("default", "box");
  CHECK(check_ledger(there, box).empty());
  CHECK(list_payments(there, box, {}).at(0).payment.message == payment_of("1.00").message);
  // The next rows are numbered behind those that came.
  put_mail(there, box, "later");
  put_documents(there, box, {invoice("9999", "1.00")});
  CHECK(fetched_mails(there, box, 0, 10).at(0).id == 3);
}

TEST_CASE("a copy that was broken off goes on, and one of something else is refused") {
  const Scratch scratch;
  const Scratch other;
  Ledger file = Ledger::open(scratch.file());
  fill(file, "default", 5000);
  const std::string place = other.ledger();
  CopyOptions options;
  options.progress = [](const std::string& table, std::int64_t rows) {
    if (table == "document" && rows >= 4000) throw Error(ExitCode::temporary, "stop");
  };
  {
    Ledger begun = Ledger::open(place);
    CHECK_THROWS_WITH(copy_ledger(file, begun, options), "stop");
  }
  for (const auto access :
       {LedgerAccess::create, LedgerAccess::existing, LedgerAccess::read_only}) {
    CHECK_THROWS_WITH(Ledger::open(place, access),
                      Catch::Contains("broken off") && Catch::Contains("ledger move FROM"));
  }
  Ledger there = Ledger::open_to_be_filled(place);
  const auto copied = copy_ledger(file, there, {});
  for (const CopiedTable& table : copied) {
    if (table.name == "document") CHECK(table.copied == 1000);
    if (table.name == "company") CHECK(table.copied == 0);
  }
  CHECK(copy_ledger(file, there, {}).size() == copied.size());
  CHECK_NOTHROW(Ledger::open(place, LedgerAccess::existing));

  there.database().execute("UPDATE document SET partner_name = 'Jina' WHERE number = '7'");
  CHECK_THROWS_WITH(copy_ledger(file, there, {}), Catch::Contains("the table document"));
}

TEST_CASE("a ledger that has gone on by itself is refused, and stays as it is") {
  const Scratch scratch;
  const Scratch other;
  Ledger file = Ledger::open(scratch.file());
  fill(file, "default", 3);
  Ledger there = Ledger::open(other.ledger());
  copy_ledger(file, there, {});
  const BoxKey box = there.box("default", "box");
  put_mail(there, box, "there");
  for (const char* name : {"here", "and here"}) put_mail(file, box, name);
  CHECK_THROWS_WITH(copy_ledger(file, there, {}), Catch::Contains("the table message"));
  CHECK(list_messages(there, box, {}).size() == 2);
  // A decision that was taken back there does not come again.
  there.database().execute("DELETE FROM message WHERE id > 1");
  file.database().execute("DELETE FROM message WHERE id > 1");
  there.database().execute("DELETE FROM allocation");
  there.database().execute("UPDATE payment SET status = 'unmatched'");
  CHECK_THROWS_WITH(copy_ledger(file, there, {}), Catch::Contains("the table payment"));
  CHECK(there.database().rows<std::int64_t>("SELECT payment_id FROM allocation").empty());
}

TEST_CASE("a copy of one company has nothing of another") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  fill(ledger, "default", 3);
  fill(ledger, "another", 4);
  CopyOptions options;
  options.company = ledger.box("another", "box").company;
  Ledger part = Ledger::open(scratch.path("part.db").string());
  const auto copied = copy_ledger(ledger, part, options);
  CHECK(rows_of(copied, "company") == 1);
  CHECK(rows_of(copied, "document") == 4);
  CHECK(rows_of(copied, "payment") == 1);
  CHECK(list_documents(part, part.box("another", "box"), {}).size() == 4);
  CHECK(check_ledger(part, part.box("another", "box")).empty());
}

TEST_CASE("a backup is a ledger of its own, made while another process writes") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  fill(ledger, "default", 10);
  Ledger reader = Ledger::open(scratch.ledger(), LedgerAccess::read_only);
  const auto file = scratch.path("backup.db");
  Ledger writer = Ledger::open(scratch.ledger());
  writer.transaction([&] {
    raise_revision(writer, writer.box("default", "box"));
    backup_ledger(reader, file, {});
  });
  CHECK_FALSE(others_may_read(file));
  Ledger backup = Ledger::open(file.string(), LedgerAccess::read_only);
  const BoxKey box = backup.box("default", "box");
  CHECK(list_documents(backup, box, {}).size() == 10);
  CHECK(company_revision(backup, box) == 1);
  CHECK(check_ledger(backup, box).empty());
  CHECK_THROWS_WITH(backup_ledger(reader, file, {}), Catch::Contains("is there already"));
}

TEST_CASE("bytes that are no text do not keep a mail from a server's ledger") {
  const Scratch scratch;
  const Scratch other;
  Ledger file = Ledger::open(scratch.file());
  const BoxKey box = file.box("default", "box");
  FetchedMail strange;
  strange.sha256 = sha256("a");
  strange.subject = std::string("a\0b\xff\xc3(\xe2\x82 č", 12);
  strange.message_id = "\x80@bank";
  record_fetched(file, box, {strange});
  Ledger there = Ledger::open(other.ledger());
  CHECK(rows_of(copy_ledger(file, there, {}), "message") == 1);
  const Scratch third;
  Ledger direct = Ledger::open(third.ledger());
  const BoxKey same = direct.box("default", "box");
  CHECK(record_fetched(direct, same, {strange})[0].is_new());
  CHECK(were_seen(direct, same, {{"other", strange.message_id, strange.body_digest}})[0]);
}
