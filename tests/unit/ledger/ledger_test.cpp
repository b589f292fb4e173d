#include "ledger/ledger.hpp"

#include <array>
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>

#include "ledger/allocations.hpp"
#include "ledger/database.hpp"
#include "ledger/outbox.hpp"
#include "ledger/posting.hpp"
#include "ledger/status.hpp"
#include "platform/access.hpp"
#include "scratch.hpp"

using namespace paymentctl;

namespace {

ExitCode code_of(const std::function<void()>& work, std::string* text = nullptr) {
  try {
    work();
  } catch (const Error& error) {
    if (text != nullptr) *text = error.what();
    return error.code();
  }
  return ExitCode::ok;
}

}  // namespace

TEST_CASE("a new ledger is readable by its owner alone") {
  const Scratch scratch;
  const Ledger ledger = Ledger::open(scratch.file());
  CHECK_FALSE(others_may_read(scratch.file()));
}

TEST_CASE("two that make a ledger at the same moment both have it") {
  for (int round = 0; round < 20; ++round) {
    const Scratch scratch;
    std::array<std::string, 2> faults;
    {
      const auto make = [&](std::string& fault) {
        code_of([&] { Ledger::open(scratch.file()).box("default", "box"); }, &fault);
      };
      const std::jthread first([&] { make(faults[0]); });
      make(faults[1]);
    }
    CHECK(faults[0] == "");
    CHECK(faults[1] == "");
  }
}

TEST_CASE("a ledger opened again still knows its boxes") {
  const Scratch scratch;
  BoxKey first;
  {
    Ledger ledger = Ledger::open(scratch.ledger());
    first = ledger.box("default", "box");
    const BoxKey other = ledger.box("default", "other");
    CHECK(first.company == other.company);
    CHECK(first.box != other.box);
  }
  Ledger ledger = Ledger::open(scratch.ledger(), LedgerAccess::existing);
  const BoxKey again = ledger.box("default", "box");
  CHECK(again.company == first.company);
  CHECK(again.box == first.box);
}

TEST_CASE("a file that is no database is refused by name") {
  const Scratch scratch;
  std::ofstream(scratch.file()) << std::string(5000, 'x');
  std::string text;
  CHECK(code_of([&] { Ledger::open(scratch.file()); }, &text) == ExitCode::data);
  CHECK(text.find(scratch.file()) != std::string::npos);
}

TEST_CASE("the database of another program is refused and left as it is") {
  const Scratch scratch;
  {
    Database other(scratch.ledger(), scratch.dialect());
    other.open(LedgerAccess::create);
    other.execute("CREATE TABLE recipes (name TEXT)");
  }
  CHECK(code_of([&] { Ledger::open(scratch.ledger()); }) == ExitCode::data);
}

TEST_CASE("a ledger of a newer version is refused with what to do") {
  const Scratch scratch;
  {
    Ledger ledger = Ledger::open(scratch.ledger());
    ledger.database().execute("UPDATE schema_version SET version = 999");
  }
  std::string text;
  CHECK(code_of([&] { Ledger::open(scratch.ledger()); }, &text) == ExitCode::config);
  CHECK(text.find("update paymentctl") != std::string::npos);
}

TEST_CASE("a missing ledger is only created when it may be") {
  const Scratch scratch;
  CHECK(code_of([&] { Ledger::open(scratch.ledger(), LedgerAccess::existing); }) ==
        ExitCode::no_input);
  CHECK(code_of([&] { Ledger::open(scratch.ledger(), LedgerAccess::read_only); }) ==
        ExitCode::no_input);
  CHECK_FALSE(std::filesystem::exists(scratch.file()));
  CHECK(code_of([&] { Ledger::open(scratch.path("no/such.db").string()); }) ==
        ExitCode::cannot_create);
}

TEST_CASE("a ledger held by another process says try again later") {
  const Scratch scratch;
  Ledger holder = Ledger::open(scratch.ledger());
  const BoxKey box = holder.box("default", "box");
  Ledger waiting = Ledger::open(scratch.ledger(), LedgerAccess::existing, 20);
  const auto change = [&] { waiting.transaction([&] { raise_revision(waiting, box); }); };
  holder.transaction([&] {
    raise_revision(holder, box);
    CHECK(code_of(change) == ExitCode::temporary);
  });
  change();
  CHECK(company_revision(holder, box) == 2);
}

TEST_CASE("a read-only ledger can be read and not written") {
  const Scratch scratch;
  BoxKey box;
  {
    Ledger ledger = Ledger::open(scratch.ledger());
    box = ledger.box("default", "box");
    put_documents(ledger, box, {invoice("1", "100.00")});
  }
  Ledger reader = Ledger::open(scratch.ledger(), LedgerAccess::read_only);
  CHECK(list_documents(reader, box, {}).size() == 1);
  CHECK(code_of([&] { put_documents(reader, box, {invoice("2", "1.00")}); }) ==
        ExitCode::permission);
  CHECK(reader.box("default", "unknown").box == 0);
}

TEST_CASE("what a dropped transaction wrote is gone, and the ledger goes on") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  CHECK_THROWS_AS(ledger.transaction([&] {
    put_documents(ledger, box, {invoice("1", "100.00")});
    throw Error(ExitCode::software, "stop");
  }),
                  Error);
  CHECK(list_documents(ledger, box, {}).empty());
  put_documents(ledger, box, {invoice("1", "100.00")});
  CHECK(list_documents(ledger, box, {}).size() == 1);
}

TEST_CASE("a savepoint that fails takes back only itself") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  ledger.transaction([&] {
    put_mail(ledger, box, "first");
    CHECK_THROWS_AS(ledger.transaction([&] {
      put_mail(ledger, box, "second");
      throw Error(ExitCode::data, "bad");
    }),
                    Error);
    put_mail(ledger, box, "third");
  });
  CHECK(fetched_mails(ledger, box, 0, 10).size() == 2);
}

TEST_CASE("a serialization failure repeats the work") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  int tries = 0;
  ledger.transaction([&] {
    put_mail(ledger, box, "mail");
    if (++tries < 3) throw SerializationFailure(ExitCode::temporary, "again");
  });
  CHECK(tries == 3);
  CHECK(fetched_mails(ledger, box, 0, 10).size() == 1);
}

TEST_CASE("a mail is known by its bytes, or by its Message-ID with the same body") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  const auto mail = [](const std::string& raw, const std::string& id) {
    FetchedMail made;
    made.sha256 = sha256(raw);
    made.body_digest = mail_body_digest(raw);
    made.message_id = id;
    return made;
  };
  std::vector<bool> is_new;
  for (const RecordedMail& recorded : record_fetched(
           ledger, box,
           {mail("A: 1\r\n\r\nbody", "x@bank"), mail("A: 1\r\n\r\nbody", "x@bank"),
            mail("Received: later\nA: 1\n\nbody", "x@bank"), mail("A: 1\n\nother body", "x@bank"),
            mail("B: 1\n\nbody", ""), mail("C: 1\n\nbody", "")})) {
    is_new.push_back(recorded.is_new());
  }
  CHECK(is_new == std::vector<bool>{true, false, false, true, true, true});
  CHECK(were_seen(ledger, box,
                  {{sha256("unknown"), "x@bank", sha256("body")},
                   {sha256("unknown"), "", sha256("body")},
                   {sha256("B: 1\n\nbody"), "", sha256("unknown")}}) ==
        std::vector<bool>{true, false, true});
  const BoxKey other = ledger.box("default", "other");
  CHECK(record_fetched(ledger, other, {mail("A: 1\r\n\r\nbody", "x@bank")})[0].is_new());
}

TEST_CASE("a mail that is not there gets no state, and nothing of that transaction stays") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  FetchedMail mail;
  mail.sha256 = sha256("mail");
  REQUIRE(record_fetched(ledger, box, {mail})[0].is_new());
  const std::int64_t id = find_state(ledger, box, mail.sha256).value().first;
  CHECK_THROWS_AS(ledger.transaction([&] {
    set_message_state(ledger, box, id, MessageState::posted, "", "", at_noon());
    // What was written before is seen, although it may wait for the end.
    CHECK(find_state(ledger, box, mail.sha256).value().second == MessageState::posted);
    set_message_state(ledger, box, id + 1, MessageState::posted, "", "", at_noon());
  }),
                  Error);
  CHECK(find_state(ledger, box, mail.sha256).value().second == MessageState::fetched);
}

TEST_CASE("mails that were fetched come page by page, oldest first") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  for (const char* text : {"a", "b", "c"}) put_mail(ledger, box, text);
  const auto first = fetched_mails(ledger, box, 0, 2);
  REQUIRE(first.size() == 2);
  CHECK(first[0].path == "2026-08-24/a.eml");
  const auto rest = fetched_mails(ledger, box, first[1].id, 2);
  REQUIRE(rest.size() == 1);
  set_message_state(ledger, box, rest[0].id, MessageState::ignored, "balance", "fio", at_noon());
  CHECK(fetched_mails(ledger, box, 0, 10).size() == 2);
  MessageFilter filter;
  filter.states = {MessageState::ignored};
  const auto ignored = list_messages(ledger, box, filter);
  REQUIRE(ignored.size() == 1);
  CHECK(ignored[0].reason == "balance");
  CHECK(are_archived(ledger, box, {"2026-08-24/d.eml", "2026-08-24/c.eml"}) ==
        std::vector<bool>{false, true});
}

TEST_CASE("a notification is written once for its cause") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  OutboxEntry entry;
  entry.cause = "payment:1:paired:1";
  entry.subject = "Příchozí platba";
  entry.next_try = at_noon();
  put_outbox(ledger, box, entry);
  put_outbox(ledger, box, entry);
  auto due = due_outbox(ledger, box, at_noon(), 0, 10);
  REQUIRE(due.size() == 1);
  CHECK(due[0].subject == "Příchozí platba");
  outbox_failed(ledger, box, due[0].id, "no route", at_noon() + std::chrono::hours(1));
  CHECK(due_outbox(ledger, box, at_noon(), 0, 10).empty());
  due = waiting_outbox(ledger, box, 0, 10);
  REQUIRE(due.size() == 1);
  CHECK(waiting_notifications(ledger, box) == 1);
  CHECK(due[0].tries == 1);
  CHECK(due[0].last_error == "no route");
  outbox_sent(ledger, box, due[0].id, at_noon());
  CHECK_FALSE(withdraw_outbox(ledger, box, due[0].id, at_noon()));
  CHECK(count_waiting(ledger, box).outbox.empty());
  CHECK(waiting_notifications(ledger, box) == 0);
}

TEST_CASE("the checker finds what breaks a guarantee") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  put_documents(ledger, box, {invoice("1", "100.00"), invoice("2", "100.00")});
  CHECK(check_ledger(ledger, box).empty());
  ledger.database().execute(
      "UPDATE document SET paid = 10000, outstanding = 0, status = 'paid' "
      "WHERE number = '1'");
  const auto broken = check_ledger(ledger, box);
  REQUIRE(broken.size() == 1);
  CHECK(broken[0] == "1 is not paid by the sum of its allocations");
}

TEST_CASE("the checker finds what hides money from a person") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  put_documents(ledger, box, {invoice("1", "100.00")});
  put_mail(ledger, box, "mail");
  ledger.transaction([&] {
    for (int i = 0; i < 2; ++i) {
      Payment payment;
      payment.amount = money_of(i == 0 ? "10.00" : "20.00");
      payment.booked_on = Date::from_iso("2026-08-24").value();
      payment.source.index = i;
      payment.source.count = 2;
      PaymentOutcome outcome;
      outcome.unallocated = payment.amount;
      insert_payment(ledger, box, 1, payment, outcome, at_noon());
    }
    set_message_state(ledger, box, 1, MessageState::posted, "", "fio", at_noon());
  });
  REQUIRE(check_ledger(ledger, box).empty());
  const auto [change, sentence] = GENERATE(table<std::string, std::string>({
      {"UPDATE payment SET status = 'done' WHERE id = 2", "2 (payment): its status is none"},
      {"UPDATE payment SET status = 'duplicate', duplicate_of = 2 WHERE id = 2", "repeats one"},
      {"UPDATE payment SET status = 'duplicate', duplicate_of = 1 WHERE id = 2", "2 (payment): wh"},
      {"UPDATE document SET written_off = 50, outstanding = 9950", "1 has a status"},
      {"UPDATE message SET state = 'lost'", "(mail): its box is not there, or its state is none"},
      {"DELETE FROM payment_source WHERE payment_id = 2", "(mail): not all of its payments are"},
  }));
  ledger.database().execute(change);
  const auto broken = check_ledger(ledger, box);
  REQUIRE_FALSE(broken.empty());
  CHECK_THAT(broken.back(), Catch::Contains(sentence));
}

TEST_CASE("the checker finds a mail of two boxes that counted twice") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  for (const char* name : {"one", "other"}) {
    const BoxKey box = ledger.box("default", name);
    FetchedMail mail;
    mail.sha256 = sha256(name);
    mail.message_id = "1@bank.example";
    mail.body_digest = sha256("body");
    record_fetched(ledger, box, {mail});
    ledger.transaction([&] {
      const auto id = find_message(ledger, box, mail.sha256).value().id;
      Payment payment;
      payment.amount = money_of("10.00");
      payment.booked_on = Date::from_iso("2026-08-24").value();
      payment.source.count = 1;
      PaymentOutcome outcome;
      outcome.unallocated = payment.amount;
      insert_payment(ledger, box, id, payment, outcome, at_noon());
      set_message_state(ledger, box, id, MessageState::posted, "", "fio", at_noon());
    });
  }
  const BoxKey box = ledger.box("default", "one");
  const auto broken = check_ledger(ledger, box);
  REQUIRE(broken.size() == 1);
  CHECK_THAT(broken[0], Catch::Contains("2 (payment): the mail that told of it told of another"));
  ledger.database().execute(
      "UPDATE payment SET status = 'duplicate', duplicate_of = 1 WHERE id = 2");
  CHECK(check_ledger(ledger, box).empty());
}

TEST_CASE("two transactions in each other's way: one is repeated on what the other has left") {
  const Scratch scratch;
  const std::string place = scratch.ledger();
  Ledger ledger = Ledger::open(place);
  const BoxKey box = ledger.box("default", "box");
  Ledger other = Ledger::open(place, LedgerAccess::existing, 20);
  int tries = 0;
  ledger.transaction([&] {
    const std::int64_t before = company_revision(ledger, box);
    if (++tries == 1) {
      // A file has one writer at a time, so there the other one has to wait.
      const auto meanwhile = [&] { other.transaction([&] { raise_revision(other, box); }); };
      CHECK(code_of(meanwhile) == (test_server() ? ExitCode::ok : ExitCode::temporary));
    }
    raise_revision(ledger, box);
    CHECK(company_revision(ledger, box) == before + 1);
  });
  CHECK(tries == (test_server() ? 2 : 1));
  CHECK(company_revision(ledger, box) == (test_server() ? 2 : 1));
}

TEST_CASE("a change that was refused and passed over is not half kept") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  const auto work = [&] {
    put_documents(ledger, box, {invoice("1", "100.00")});
    CHECK_THROWS_AS(ledger.database().run("UPDATE document SET amount = 0"), Error);
  };
  // A server gives the whole transaction up, SQLite the one statement.
  const bool kept = code_of([&] { ledger.transaction(work); }) == ExitCode::ok;
  CHECK(kept == !test_server());
  CHECK(list_documents(ledger, box, {}).size() == (kept ? 1 : 0));
}

TEST_CASE("a connection that was cut is made again, and the transaction repeated") {
  if (!test_server()) return;
  const Scratch scratch;
  const std::string place = scratch.ledger();
  Ledger ledger = Ledger::open(place);
  const BoxKey box = ledger.box("default", "box");
  Ledger other = Ledger::open(place);
  const auto cut = [&] {
    other.database().rows<std::string>(
        "SELECT CAST(pg_terminate_backend(pid) AS VARCHAR(5)) FROM pg_stat_activity WHERE "
        "application_name = 'paymentctl' AND pid <> pg_backend_pid()");
  };
  cut();
  CHECK(company_revision(ledger, box) == 0);
  cut();
  std::int64_t seen = -1;
  ledger.reading([&] { seen = company_revision(ledger, box); });
  CHECK(seen == 0);
  int tries = 0;
  ledger.transaction([&] {
    raise_revision(ledger, box);
    if (++tries == 1) cut();
    raise_revision(ledger, box);
  });
  CHECK(tries == 2);
  CHECK(company_revision(ledger, box) == 2);
}

TEST_CASE("a server learns how large its tables have become, beside one of gigabytes") {
  if (!test_server()) return;
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  const auto rows_it_plans_with = [&] {
    return std::get<0>(ledger.database()
                           .row<std::int64_t>("SELECT CAST(reltuples AS BIGINT) FROM pg_class "
                                              "WHERE oid = CAST('message' AS REGCLASS)")
                           .value());
  };
  ledger.database().execute(
      "UPDATE pg_class SET relpages = 1000000, reltuples = 50000000 WHERE oid = CAST('payment' AS "
      "REGCLASS)");
  REQUIRE(rows_it_plans_with() <= 0);
  ledger.database().run(
      "INSERT INTO message (box_id, sha256, body_digest, message_id, uidl, path, sender, subject, "
      "state, fetched_at, changed_at) SELECT :box, n, n, n, n, n, '', '', 'posted', 0, 0 FROM "
      "(SELECT CAST(n AS VARCHAR(9)) AS n FROM generate_series(1, 300) AS series(n)) AS numbers",
      box.box);
  ledger.transaction([&] { raise_revision(ledger, box); });
  CHECK(rows_it_plans_with() == 300);
}

TEST_CASE("a server that is not there, and one that lets nobody in, are named without a password") {
  if (!test_server()) return;
  std::string text;
  CHECK(code_of([&] { Ledger::open("postgresql://clerk:secret@127.0.0.1:1/ledger"); }, &text) ==
        ExitCode::unavailable);
  CHECK(text.find("clerk@127.0.0.1:1/ledger") != std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
  CHECK(code_of([&] { Ledger::open(*test_server() + "&dbname=nosuch"); }, &text) ==
        ExitCode::permission);
}
