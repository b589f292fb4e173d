#include "post/post.hpp"

#include <catch2/catch.hpp>

#include "../ledger/scratch.hpp"
#include "ledger/database.hpp"
#include "ledger/outbox.hpp"
#include "ledger/posting.hpp"
#include "ledger/status.hpp"

using namespace paymentctl;

namespace {

struct Fixture {
  Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  BoxKey box = ledger.box("default", "box");
  PostSettings settings;

  Fixture() {
    settings.box = box;
    settings.now = at_noon();
    settings.notification = [](const Settlement& settlement) {
      return NotificationText{"paid", settlement.documents.front().number,
                              std::to_string(settlement.payment_id) + "@test"};
    };
  }

  Document document(const std::string& number) {
    return find_document(ledger, box, {DocumentKind::issued_invoice, number, ""}).value().document;
  }
  std::vector<PaymentRow> payments() { return list_payments(ledger, box, {}); }
  std::vector<PostedMail> post(const std::vector<MailToPost>& mails) {
    auto posted = post_mails(ledger, settings, mails);
    CHECK(check_ledger(ledger, box) == std::vector<std::string>());
    return posted;
  }
};

Payment payment(const char* amount, const char* symbol, const std::string& format = "fio-classic") {
  Payment made;
  made.source.format = format;
  made.bank = "2010";
  made.amount = money_of(amount);
  made.booked_on = Date::from_iso("2026-08-24").value();
  made.own_account = AccountNumber::parse("2901618114/2010");
  if (symbol != nullptr) made.variable_symbol = Symbol::parse(symbol);
  return made;
}

MailToPost mail(Fixture& f, const std::string& name, std::vector<Payment> payments) {
  MailToPost made;
  made.sha256 = put_mail(f.ledger, f.box, name);
  for (std::size_t i = 0; i < payments.size(); ++i) {
    payments[i].source.sha256 = made.sha256;
    payments[i].source.index = static_cast<int>(i);
    payments[i].source.count = static_cast<int>(payments.size());
    made.payments.push_back({payments[i], std::nullopt});
  }
  return made;
}

}  // namespace

TEST_CASE("a payment settles its invoice and leaves a notification in the outbox") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("130100024", "10890.00")});
  const auto posted = f.post({mail(f, "a", {payment("10890.00", "130100024")})});
  REQUIRE(posted.size() == 1);
  CHECK(posted[0].state == MessageState::posted);
  REQUIRE(posted[0].payments.size() == 1);
  CHECK(posted[0].payments[0].status == PaymentStatus::paid);
  CHECK(posted[0].payments[0].document_statuses ==
        std::vector<DocumentStatus>{DocumentStatus::paid});
  CHECK(f.document("130100024").status == DocumentStatus::paid);
  const auto outbox = due_outbox(f.ledger, f.box, at_noon(), 0, 10);
  REQUIRE(outbox.size() == 1);
  CHECK(outbox[0].text == "130100024");
  CHECK(f.payments()[0].payment.source.path == "2026-08-24/a.eml");
}

TEST_CASE("the same mail posted twice changes nothing") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00")});
  const MailToPost once = mail(f, "a", {payment("60.00", "1")});
  const auto first = f.post({once});
  const auto second = f.post({once, once});
  for (const PostedMail& again : second) {
    CHECK(again.already);
    REQUIRE(again.payments.size() == 1);
    CHECK(again.payments[0].payment_id == first[0].payments[0].payment_id);
    CHECK(again.payments[0].match.status == MatchStatus::partially_paid);
  }
  CHECK(f.document("1").outstanding == money_of("40.00"));
  CHECK(waiting_outbox(f.ledger, f.box, 0, 10).size() == 1);
}

TEST_CASE("a signed text that comes a second time settles nothing and waits for a person") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00")});
  auto first = mail(f, "a", {payment("40.00", "1")});
  auto again = mail(f, "b", {payment("40.00", "1")});
  auto other = mail(f, "c", {payment("40.00", "1")});
  first.signed_text = again.signed_text = "bank.example digest";
  other.signed_text = "bank.example another digest";
  const auto posted = f.post({first, again, other});
  CHECK(posted[0].state == MessageState::posted);
  CHECK(posted[1].state == MessageState::quarantined);
  CHECK(posted[1].payments.empty());
  CHECK_THAT(posted[1].reason, Catch::Contains("sent again"));
  CHECK(posted[2].state == MessageState::posted);
  CHECK(f.document("1").outstanding == money_of("20.00"));
  const auto kept = find_message(f.ledger, f.box, again.sha256);
  REQUIRE(kept);
  CHECK(kept->reason == posted[1].reason);
}

TEST_CASE("a mail that came to two boxes of a company settles once") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "200.00")});
  const auto is_same = GENERATE(true, false);
  const auto mail_of = [&](BoxKey box, const std::string& way) {
    FetchedMail fetched;
    fetched.sha256 = sha256(is_same ? "mail" : way);
    fetched.message_id = "1@bank.example";
    fetched.body_digest = sha256("body");
    record_fetched(f.ledger, box, {fetched});
    MailToPost made;
    made.sha256 = fetched.sha256;
    made.signed_text = "bank.example digest";
    // Two movements that only their places in the mail tell apart.
    for (int i = 0; i < 2; ++i) {
      made.payments.push_back({payment("40.00", "1"), std::nullopt});
      made.payments.back().payment.source.sha256 = made.sha256;
      made.payments.back().payment.source.index = i;
      made.payments.back().payment.source.count = 2;
    }
    return made;
  };
  f.post({mail_of(f.box, "first")});
  CHECK(f.document("1").outstanding == money_of("120.00"));
  const auto post_in = [&](const std::string& company, const std::string& name) {
    f.settings.box = f.ledger.box(company, name);
    return f.post({mail_of(f.settings.box, name)}).front();
  };
  const PostedMail second = post_in("default", "second");
  CHECK(second.state == MessageState::duplicate);
  CHECK(second.payments.at(1).duplicate_of == f.payments().at(1).id);
  // The third box's is a duplicate of the first's, not of the second's.
  CHECK(post_in("default", "third").payments.at(0).duplicate_of == f.payments().at(0).id);
  CHECK(f.document("1").outstanding == money_of("120.00"));
  CHECK(post_in("another", "box").state == MessageState::posted);
}

TEST_CASE("a mail that came to two boxes settles once, whatever each knows of the own account") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "200.00")});
  const std::string message_id = GENERATE("1@bank.example", "");
  const auto mail_in = [&](const std::string& name) {
    f.settings.box = f.ledger.box("default", name);
    FetchedMail fetched;
    fetched.sha256 = sha256("mail");
    fetched.message_id = message_id;
    fetched.body_digest = sha256("body");
    record_fetched(f.ledger, f.settings.box, {fetched});
    MailToPost made;
    made.sha256 = fetched.sha256;
    made.payments.push_back({payment("40.00", "1"), std::nullopt});
    made.payments[0].payment.source.sha256 = made.sha256;
    made.payments[0].payment.source.count = 1;
    return made;
  };
  f.post({mail_in("first")});
  // A statement tells what a mask has hidden, and corrects the day; the other box has neither.
  f.ledger.database().run(
      "UPDATE payment SET own_account = '2052601819/2010', booked_on = "
      "'2030-01-01'");
  MailToPost second = mail_in("second");
  second.payments[0].payment.own_account.reset();
  const PostedMail again = f.post({second}).front();
  CHECK(again.state == MessageState::duplicate);
  CHECK(f.document("1").outstanding == money_of("160.00"));

  MailToPost third = mail_in("third");
  third.payments[0].payment.currency = Currency::eur();
  const PostedMail other = f.post({third}).front();
  CHECK(other.state == MessageState::quarantined);
  CHECK_THAT(other.reason, Catch::Contains("payment 1 there") && Catch::Contains("40.00 EUR"));
  CHECK(f.document("1").outstanding == money_of("160.00"));
}

TEST_CASE("a signed text that comes again to another box of the company waits for a person") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "200.00")});
  auto first = mail(f, "a", {payment("40.00", "1")});
  first.signed_text = "bank.example digest";
  f.post({first});
  f.settings.box = f.box = f.ledger.box("default", "second");
  auto again = mail(f, "b", {payment("40.00", "1")});
  again.signed_text = first.signed_text;
  CHECK(f.post({again}).front().state == MessageState::quarantined);
  CHECK(f.document("1").outstanding == money_of("160.00"));
}

TEST_CASE("two payments for one invoice in one batch never settle more than it owes") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00")});
  auto mails =
      std::vector{mail(f, "a", {payment("100.00", "1")}), mail(f, "b", {payment("100.00", "1")})};
  // Both were matched before either was posted.
  const auto finder = document_finder(f.ledger, f.box);
  for (MailToPost& each : mails) {
    each.payments[0].match = match_payment(each.payments[0].payment, *finder);
  }
  const auto posted = f.post(mails);
  CHECK(posted[0].payments[0].status == PaymentStatus::paid);
  CHECK(posted[1].payments[0].status == PaymentStatus::unmatched);
  REQUIRE(posted[1].payments[0].match.candidates.size() == 1);
  CHECK(f.document("1").paid == money_of("100.00"));
}

TEST_CASE("a second instalment completes, a third overpays or finds nothing open") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00")});
  const auto posted =
      f.post({mail(f, "a", {payment("40.00", "1")}), mail(f, "b", {payment("70.00", "1")}),
              mail(f, "c", {payment("1.00", "1")})});
  CHECK(posted[0].payments[0].status == PaymentStatus::partially_paid);
  CHECK(posted[1].payments[0].status == PaymentStatus::overpaid);
  CHECK(posted[1].payments[0].match.unallocated == money_of("10.00"));
  CHECK(posted[2].payments[0].status == PaymentStatus::unmatched);
}

TEST_CASE("a match that claims what the document does not owe is made anew") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00")});
  auto lying = mail(f, "a", {payment("60.00", "1")});
  MatchResult claim;
  claim.status = MatchStatus::paid;
  claim.allocations = {{{DocumentKind::issued_invoice, "1", ""}, money_of("60.00")}};
  lying.payments[0].match = claim;
  const auto posted = f.post({lying});
  CHECK(posted[0].payments[0].status == PaymentStatus::partially_paid);
  CHECK(f.document("1").status == DocumentStatus::partially_paid);
}

TEST_CASE("one bad mail does not hold up its neighbours and stays fetched") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00"), invoice("2", "100.00")});
  auto halved = mail(f, "b", {payment("1.00", "1"), payment("2.00", "1")});
  halved.payments.pop_back();
  MailToPost unknown;
  unknown.sha256 = sha256("never fetched");
  unknown.state = MessageState::ignored;
  const auto posted = f.post({mail(f, "a", {payment("100.00", "1")}), halved, unknown,
                              mail(f, "c", {payment("100.00", "2")})});
  REQUIRE(posted.size() == 4);
  CHECK(posted[1].error);
  CHECK(posted[2].error);
  CHECK(posted[3].state == MessageState::posted);
  CHECK(f.payments().size() == 2);
  CHECK(find_message(f.ledger, f.box, halved.sha256)->state == MessageState::fetched);
}

TEST_CASE("a fault in the middle of a mail leaves nothing of it") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00"), invoice("2", "100.00")});
  bool fails = true;
  f.settings.notification = [&](const Settlement& settled) -> std::optional<NotificationText> {
    if (fails && settled.documents[0].number == "2") throw Error(ExitCode::software, "no words");
    return NotificationText{"s", "t", "id"};
  };
  const auto both = mail(f, "a", {payment("100.00", "1"), payment("100.00", "2")});
  CHECK(f.post({both})[0].error);
  CHECK(f.payments().empty());
  CHECK(f.document("1").status == DocumentStatus::open);
  CHECK(waiting_outbox(f.ledger, f.box, 0, 10).empty());
  fails = false;
  CHECK_FALSE(f.post({both})[0].error);
  CHECK(f.document("2").status == DocumentStatus::paid);
}

TEST_CASE("a mail without payments gets its state and reason") {
  Fixture f;
  MailToPost strange;
  strange.sha256 = put_mail(f.ledger, f.box, "a");
  strange.state = MessageState::unrecognised;
  strange.reason = "no format knows it";
  f.post({strange});
  const auto row = find_message(f.ledger, f.box, strange.sha256);
  CHECK(row->state == MessageState::unrecognised);
  CHECK(row->reason == "no format knows it");
}

TEST_CASE("money before invoice works like invoice before money") {
  Fixture f;
  f.post({mail(f, "a", {payment("100.00", "1")})});
  CHECK(settle_waiting(f.ledger, f.settings).empty());
  CHECK(f.payments()[0].status == PaymentStatus::unmatched);
  put_documents(f.ledger, f.box, {invoice("1", "100.00")});
  const auto settled = settle_waiting(f.ledger, f.settings);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].status == PaymentStatus::paid);
  CHECK(f.document("1").status == DocumentStatus::paid);
  CHECK(settle_waiting(f.ledger, f.settings).empty());
  CHECK(waiting_outbox(f.ledger, f.box, 0, 10).size() == 1);
  CHECK(check_ledger(f.ledger, f.box).empty());
}

TEST_CASE("what is no candidate any more is not shown as one, though the reason stays the same") {
  Fixture f;
  f.post({mail(f, "a", {payment("100.00", "1")})});
  const PaymentRow row = f.payments().front();
  put_documents(f.ledger, f.box, {invoice("2", "50.00")});
  PaymentOutcome before;
  before.status = row.status;
  before.unallocated = row.unallocated;
  before.why = row.why;
  before.candidates = {{DocumentKind::issued_invoice, "2", ""}};
  f.ledger.transaction([&] { update_outcome(f.ledger, f.box, row.id, before); });
  REQUIRE(f.payments().front().candidates == before.candidates);
  put_documents(f.ledger, f.box, {invoice("3", "70.00")});
  CHECK(settle_waiting(f.ledger, f.settings).empty());
  CHECK(f.payments().front().why == row.why);
  CHECK(f.payments().front().candidates.empty());
}

TEST_CASE("a difference within the tolerance is written off") {
  Fixture f;
  f.settings.tolerance = money_of("1.00");
  put_documents(f.ledger, f.box, {invoice("1", "100.00"), invoice("2", "100.00")});
  f.post({mail(f, "a", {payment("99.00", "1")}), mail(f, "b", {payment("101.00", "2")})});
  CHECK(f.document("1").status == DocumentStatus::paid);
  CHECK(f.document("1").paid == money_of("99.00"));
  CHECK(f.document("1").outstanding == Amount());
  CHECK(f.document("2").status == DocumentStatus::paid);
  CHECK(f.document("2").paid == money_of("100.00"));
}

TEST_CASE("one movement told twice is posted once") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00"), invoice("2", "100.00", "99999999")});
  f.settings.defer_weaker_rules = true;
  f.settings.format_facts = [](const std::string& format) {
    TwinFacts facts;
    if (format == "full") facts.twins = {"short"};
    if (format == "short") {
      facts.twins = {"full"};
      facts.states_variable_symbol = false;
    }
    return facts;
  };

  SECTION("by twin formats, the one with symbols first") {
    f.post({mail(f, "a", {payment("100.00", "1", "full")})});
    const auto posted = f.post({mail(f, "b", {payment("100.00", nullptr, "short")})});
    CHECK(posted[0].state == MessageState::duplicate);
    CHECK(posted[0].payments[0].status == PaymentStatus::duplicate);
  }
  SECTION("by twin formats, the one with symbols second") {
    f.post({mail(f, "a", {payment("100.00", nullptr, "short")})});
    CHECK(f.document("1").status == DocumentStatus::open);
    f.post({mail(f, "b", {payment("100.00", "1", "full")})});
  }
  SECTION("by twin formats in one batch") {
    f.post({mail(f, "a", {payment("100.00", nullptr, "short")}),
            mail(f, "b", {payment("100.00", "1", "full")})});
  }
  SECTION("by the same format with the same reference") {
    Payment once = payment("100.00", "1");
    once.bank_reference = "REF1";
    f.post({mail(f, "a", {once}), mail(f, "b", {once})});
  }
  SECTION("by the same format with the same reference, whatever symbol they tell") {
    Payment once = payment("100.00", "1");
    once.bank_reference = "REF1";
    Payment again = payment("100.00", "2");
    again.bank_reference = "REF1";
    f.post({mail(f, "a", {once}), mail(f, "b", {again})});
  }
  SECTION("by the same format with the same reference, whatever the balance") {
    Payment once = payment("100.00", "1");
    once.bank_reference = "REF1";
    Payment again = once;
    once.balance = money_of("5.00");
    again.balance = money_of("6.00");
    f.post({mail(f, "a", {once}), mail(f, "b", {again})});
  }
  SECTION("by the same format with the same number of the notice") {
    f.settings.format_facts = [](const std::string&) {
      TwinFacts facts;
      facts.numbers_movements = false;
      return facts;
    };
    Payment once = payment("100.00", "1");
    once.bank_reference = "12";
    f.post({mail(f, "a", {once}), mail(f, "b", {once})});
  }
  SECTION("by the same format with the same balance, where one has no reference") {
    Payment once = payment("100.00", "1");
    once.balance = money_of("5.00");
    Payment again = once;
    again.bank_reference = "REF1";
    f.post({mail(f, "a", {once}), mail(f, "b", {again})});
  }
  SECTION("by the same format with the same balance") {
    Payment once = payment("100.00", "1");
    once.balance = money_of("-5.00");
    f.post({mail(f, "a", {once}), mail(f, "b", {once})});
  }
  CHECK(f.document("1").status == DocumentStatus::paid);
  CHECK(f.document("2").status == DocumentStatus::open);
  const auto rows = f.payments();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].status == PaymentStatus::paid);
  CHECK(rows[0].duplicates == std::vector<std::int64_t>{rows[1].id});
  CHECK(rows[1].status == PaymentStatus::duplicate);
  CHECK(rows[1].duplicate_of == rows[0].id);
  CHECK(waiting_outbox(f.ledger, f.box, 0, 10).size() == 1);
}

TEST_CASE("two movements that look alike stay two") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "200.00")});
  Payment first = payment("100.00", "1");
  Payment second = first;
  SECTION("without reference and balance") {}
  SECTION("with different references") {
    first.bank_reference = "REF1";
    second.bank_reference = "REF2";
  }
  SECTION("with different balances") {
    first.balance = money_of("100.00");
    second.balance = money_of("200.00");
  }
  SECTION("with a reference that numbers notices") {
    f.settings.format_facts = [](const std::string&) {
      TwinFacts facts;
      facts.numbers_movements = false;
      return facts;
    };
    first.bank_reference = second.bank_reference = "12";
    SECTION("on another day") { second.booked_on = Date::from_iso("2026-08-26").value(); }
    SECTION("from another account") {
      second.counterparty.account = AccountNumber::parse("131-1126906048/0100");
    }
    SECTION("and another balance") {
      first.balance = money_of("100.00");
      second.balance = money_of("200.00");
    }
  }
  f.post({mail(f, "a", {first}), mail(f, "b", {second})});
  CHECK(f.document("1").status == DocumentStatus::paid);
}

TEST_CASE("a notice without a day that has the balance of another day's waits for a person") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "200.00")});
  const bool states_date = GENERATE(false, true);
  f.settings.format_facts = [&](const std::string&) {
    TwinFacts facts;
    facts.states_date = states_date;
    return facts;
  };
  Payment first = payment("100.00", "1");
  first.balance = money_of("500.00");
  Payment again = first;
  again.booked_on = Date::from_iso("2026-08-25").value();
  Payment other = again;
  other.balance = money_of("600.00");
  const MailToPost repeated = mail(f, "b", {again});
  f.post({mail(f, "a", {first})});
  PostedMail posted = f.post({repeated}).front();
  CHECK(posted.state == (states_date ? MessageState::posted : MessageState::quarantined));
  if (states_date) return;
  CHECK_THAT(posted.reason, Catch::Contains("payment 1 of 2026-08-24 had the same balance"));
  CHECK(f.document("1").outstanding == money_of("100.00"));

  release_message(f.ledger, f.box, find_message(f.ledger, f.box, repeated.sha256).value(), "ja", "",
                  at_noon());
  CHECK(f.post({repeated}).front().state == MessageState::posted);
  CHECK(f.post({mail(f, "c", {other})}).front().state == MessageState::posted);
}

TEST_CASE("pairs of twins are one to one") {
  Fixture f;
  f.settings.format_facts = [](const std::string& format) {
    TwinFacts facts;
    facts.twins = {format == "full" ? "short" : "full"};
    return facts;
  };
  const auto told = [&](const char* name, const char* format) {
    return f.post({mail(f, name, {payment("100.00", "1", format)})})[0].payments[0].duplicate_of;
  };
  CHECK(told("a", "full") == 0);
  CHECK(told("b", "full") == 0);
  CHECK(told("c", "short") == 1);
  CHECK(told("d", "short") == 2);
  CHECK(told("e", "short") == 0);
}

TEST_CASE("a payment that may get a twin with symbols waits for the end of the run") {
  Fixture f;
  Document open = invoice("1", "100.00");
  open.partner.account = AccountNumber::parse("2000145399/0800");
  put_documents(f.ledger, f.box, {open});
  f.settings.defer_weaker_rules = true;
  f.settings.format_facts = [](const std::string&) {
    TwinFacts facts;
    facts.twins = {"full"};
    return facts;
  };
  Payment bare = payment("100.00", nullptr, "short");
  bare.counterparty.account = open.partner.account;
  CHECK(f.post({mail(f, "a", {bare})})[0].payments[0].status == PaymentStatus::unmatched);
  const auto settled = settle_waiting(f.ledger, f.settings);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].match.rule == MatchRule::account_amount);
  CHECK(f.document("1").status == DocumentStatus::paid);
}

TEST_CASE("what a payment has settled a moment ago says whose its account is") {
  Fixture f;
  put_documents(
      f.ledger, f.box,
      {invoice("1", "100.00"), invoice("2", "50.00"), invoice("3", "200.00", "99999999")});
  f.settings.defer_weaker_rules = true;
  f.settings.format_facts = [](const std::string& format) {
    TwinFacts facts;
    facts.twins = {format == "full" ? "short" : "full"};
    facts.states_variable_symbol = format == "full";
    return facts;
  };
  Payment bare = payment("100.00", nullptr, "short");
  bare.counterparty.account = AccountNumber::parse("2000145399/0800");
  f.post({mail(f, "a", {bare})});
  Payment next = payment("50.00", "3", "full");
  next.booked_on = Date::from_iso("2026-09-24").value();
  next.counterparty.account = bare.counterparty.account;
  // The twin has the symbol and not the account, whose next payment comes at once.
  const auto posted =
      f.post({mail(f, "b", {payment("100.00", "1", "full")}), mail(f, "c", {next})});
  CHECK(f.document("1").status == DocumentStatus::paid);
  CHECK(posted[1].payments[0].status == PaymentStatus::ambiguous);
}

TEST_CASE("two connections post one after the other") {
  Fixture f;
  put_documents(f.ledger, f.box, {invoice("1", "100.00")});
  const auto first = mail(f, "a", {payment("100.00", "1")});
  const auto second = mail(f, "b", {payment("100.00", "1")});
  Ledger other = Ledger::open(f.scratch.ledger());
  f.post({first});
  const auto posted = post_mails(other, f.settings, {first, second});
  CHECK(posted[0].already);
  CHECK(posted[1].payments[0].status == PaymentStatus::unmatched);
  CHECK(check_ledger(other, f.box).empty());
}
