#include "post/by_hand.hpp"

#include <catch2/catch.hpp>

#include "../ledger/scratch.hpp"
#include "ledger/outbox.hpp"
#include "ledger/partners.hpp"
#include "ledger/status.hpp"
#include "model/error.hpp"

using namespace paymentctl;

namespace {

/// A ledger with documents and payments; every guarantee is checked after every decision.
struct Desk {
  Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  BoxKey box = ledger.box("default", "box");
  PostSettings settings;
  int mails = 0;

  Desk() {
    settings.box = box;
    settings.now = at_noon();
    settings.who = "Eva";
    settings.notification = [](const Settlement& settlement) {
      std::string numbers;
      for (const Document& document : settlement.documents) numbers += document.number + " ";
      return NotificationText{std::string(name_of(status_of(settlement.match.status))), numbers,
                              "id"};
    };
    settings.correction = [](const Correction& correction) {
      return NotificationText{"correction", correction.documents.front().number, "id"};
    };
  }

  std::int64_t pay(const char* amount, const char* symbol = nullptr,
                   const char* account = "2000145399/0800",
                   Direction direction = Direction::incoming) {
    Payment payment;
    payment.bank = "2010";
    payment.amount = money_of(amount);
    payment.direction = direction;
    payment.booked_on = Date::from_iso("2026-08-24").value();
    payment.own_account = AccountNumber::parse("2901618114/2010");
    payment.counterparty.account = AccountNumber::parse(account);
    if (symbol != nullptr) payment.variable_symbol = Symbol::parse(symbol);
    MailToPost mail;
    mail.sha256 = put_mail(ledger, box, std::to_string(++mails));
    payment.source.sha256 = mail.sha256;
    mail.payments.push_back({payment, std::nullopt});
    return post_mails(ledger, settings, {mail})[0].payments[0].payment_id;
  }

  static Share share(const std::string& number, const char* amount = nullptr) {
    return {{number, std::nullopt, ""},
            amount == nullptr ? std::nullopt : std::optional(money_of(amount))};
  }
  PaymentRow assign(std::int64_t payment, const std::vector<Share>& shares) {
    auto row = assign_payment(ledger, settings, payment, shares, "a call");
    check();
    return row;
  }
  PaymentRow unassign(std::int64_t payment, const std::string& number = "") {
    auto row = unassign_payment(
        ledger, settings, payment,
        number.empty() ? std::nullopt : std::optional(DocumentName{number, {}, ""}), "a mistake");
    check();
    return row;
  }
  void check() { CHECK(check_ledger(ledger, box) == std::vector<std::string>()); }
  Document document(const std::string& number) {
    DocumentFilter filter;
    filter.number = number;
    return list_documents(ledger, box, filter).at(0).document;
  }
  PaymentRow payment(std::int64_t id) { return find_payment(ledger, box, id).value(); }
  std::vector<OutboxEntry> outbox() { return waiting_outbox(ledger, box, 0, 100); }
  void send_all() {
    for (const OutboxEntry& entry : outbox()) outbox_sent(ledger, box, entry.id, at_noon());
  }
  void refuses(std::int64_t payment, const std::vector<Share>& shares, const std::string& words) {
    const std::size_t told = outbox().size();
    try {
      assign_payment(ledger, settings, payment, shares, "");
      FAIL("nothing was refused");
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::data);
      CHECK_THAT(error.what(), Catch::Matchers::Contains(words));
    }
    CHECK(outbox().size() == told);
    check();
  }
};

}  // namespace

TEST_CASE("a person settles several documents by one payment, and the status says how") {
  struct Case {
    const char* name;
    const char* amount;
    std::vector<Share> shares;
    PaymentStatus status;
    const char* unallocated;
    DocumentStatus first;
  };
  const std::vector<Case> cases = {
      {"exactly",
       "150.00",
       {Desk::share("A"), Desk::share("B")},
       PaymentStatus::paid,
       "0.00",
       DocumentStatus::paid},
      {"less",
       "120.00",
       {Desk::share("A"), Desk::share("B")},
       PaymentStatus::partially_paid,
       "0.00",
       DocumentStatus::paid},
      {"more",
       "160.00",
       {Desk::share("A"), Desk::share("B")},
       PaymentStatus::overpaid,
       "10.00",
       DocumentStatus::paid},
      {"a part of a document",
       "150.00",
       {Desk::share("A", "30.00")},
       PaymentStatus::partially_paid,
       "120.00",
       DocumentStatus::partially_paid},
  };
  for (const Case& each : cases) {
    DYNAMIC_SECTION(each.name) {
      Desk desk;
      put_documents(desk.ledger, desk.box, {invoice("A", "100.00"), invoice("B", "50.00")});
      const auto id = desk.pay(each.amount);
      const PaymentRow row = desk.assign(id, each.shares);
      CHECK(row.status == each.status);
      CHECK(row.unallocated == money_of(each.unallocated));
      CHECK(row.why == "assigned by Eva: a call");
      CHECK(desk.document("A").status == each.first);
      REQUIRE(desk.outbox().size() == 1);
      CHECK(desk.outbox()[0].subject == name_of(each.status));
      const auto journal = journal_of(desk.ledger, desk.box, "payment:" + std::to_string(id));
      REQUIRE(journal.size() == 1);
      CHECK(journal[0].who == "Eva");
      CHECK(journal[0].why == "a call");
      CHECK(journal_of(desk.ledger, desk.box, "document:issued_invoice:A").size() == 1);
    }
  }
}

TEST_CASE("what cannot be assigned as said is refused and changes nothing") {
  Desk desk;
  Document euros = invoice("E", "100.00");
  euros.currency = Currency::from_code("EUR").value();
  Document bill = invoice("R", "100.00");
  bill.kind = DocumentKind::received_invoice;
  put_documents(desk.ledger, desk.box,
                {invoice("A", "100.00"), invoice("B", "50.00"), euros, bill});
  const auto id = desk.pay("120.00");
  desk.refuses(id, {Desk::share("A", "100.01")}, "A owes 100.00 CZK");
  desk.refuses(id, {Desk::share("A"), Desk::share("B", "20.01")}, "only 20.00 CZK of payment");
  desk.refuses(id, {Desk::share("A", "0.00")}, "not an amount above 0");
  desk.refuses(id, {Desk::share("A", "-1.00")}, "not an amount above 0");
  desk.refuses(id, {Desk::share("A"), Desk::share("A", "1.00")}, "A");
  desk.refuses(id, {Desk::share("A", "50.00"), Desk::share("A", "1.00")}, "settles A already");
  desk.refuses(id, {Desk::share("E")}, "nobody has agreed a rate");
  desk.refuses(id, {Desk::share("R")}, "not settled by incoming payments");
  desk.refuses(id, {Desk::share("X")}, "there is no document X");
  desk.refuses(99, {Desk::share("A")}, "there is no payment 99");
  CHECK(desk.document("A").status == DocumentStatus::open);
  CHECK(desk.payment(id).status == PaymentStatus::unmatched);
  CHECK(learned_accounts(desk.ledger, desk.box).empty());
}

TEST_CASE("taking a payment off restores everything, and no rule puts it back") {
  Desk desk;
  put_documents(desk.ledger, desk.box, {invoice("1", "100.00")});
  const Document before = desk.document("1");
  const auto id = desk.pay("100.00", "1");
  REQUIRE(desk.payment(id).status == PaymentStatus::paid);
  const PaymentRow row = desk.unassign(id);
  CHECK(row.status == PaymentStatus::unmatched);
  CHECK(row.unallocated == money_of("100.00"));
  CHECK_FALSE(row.rule);
  CHECK(row.why == "taken off by Eva: a mistake");
  const Document after = desk.document("1");
  CHECK(after.status == DocumentStatus::open);
  CHECK(after.paid == before.paid);
  CHECK(after.outstanding == before.outstanding);
  CHECK(desk.outbox().empty());

  put_documents(desk.ledger, desk.box, {invoice("2", "7.00")});
  CHECK(settle_waiting(desk.ledger, desk.settings).empty());
  CHECK_THAT(desk.payment(id).why, Catch::Matchers::Contains("a person took 1 off this payment"));
  CHECK(desk.payment(id).candidates.size() == 1);

  SECTION("but a person may") {
    CHECK(desk.assign(id, {Desk::share("1")}).status == PaymentStatus::paid);
    CHECK(desk.outbox().size() == 1);
  }
  SECTION("and another payment of the same symbol is settled as ever") {
    CHECK(desk.payment(desk.pay("100.00", "1")).status == PaymentStatus::paid);
    desk.check();
  }
}

TEST_CASE("a notification that was sent is corrected, one that was not is withdrawn") {
  Desk desk;
  put_documents(desk.ledger, desk.box, {invoice("A", "100.00"), invoice("B", "50.00")});
  const auto id = desk.pay("150.00");
  desk.assign(id, {Desk::share("A"), Desk::share("B")});
  SECTION("sent: what came off is told, once each time") {
    desk.send_all();
    desk.unassign(id, "B");
    REQUIRE(desk.outbox().size() == 1);
    CHECK(desk.outbox()[0].kind == OutboxKind::correction);
    CHECK(desk.outbox()[0].text == "B");
    desk.unassign(id, "A");
    CHECK(desk.outbox().size() == 2);
  }
  SECTION("waiting: withdrawn, and what is still true is told anew") {
    desk.unassign(id, "B");
    REQUIRE(desk.outbox().size() == 1);
    CHECK(desk.outbox()[0].kind == OutboxKind::payment);
    CHECK(desk.outbox()[0].text == "A ");
    desk.unassign(id, "A");
    CHECK(desk.outbox().empty());
  }
  SECTION("one of two notifications: only that one") {
    desk.unassign(id, "B");
    desk.send_all();
    desk.assign(id, {Desk::share("B")});
    CHECK(desk.outbox().size() == 1);
    desk.unassign(id, "B");
    CHECK(desk.outbox().empty());
    CHECK(desk.payment(id).status == PaymentStatus::overpaid);
  }
}

TEST_CASE("what the tolerance wrote off is owed again") {
  Desk desk;
  desk.settings.tolerance = money_of("1.00");
  put_documents(desk.ledger, desk.box, {invoice("1", "100.00")});
  const auto id = desk.pay("99.50", "1");
  REQUIRE(desk.document("1").status == DocumentStatus::paid);
  desk.unassign(id);
  CHECK(desk.document("1").outstanding == money_of("100.00"));
}

TEST_CASE("one of two instalments comes off alone") {
  Desk desk;
  put_documents(desk.ledger, desk.box, {invoice("1", "100.00")});
  desk.pay("40.00", "1");
  const auto second = desk.pay("60.00", "1");
  REQUIRE(desk.document("1").status == DocumentStatus::paid);
  desk.unassign(second);
  CHECK(desk.document("1").status == DocumentStatus::partially_paid);
  CHECK(desk.document("1").outstanding == money_of("60.00"));
}

TEST_CASE("an assignment teaches whose the account is until it is taken back") {
  Desk desk;
  put_documents(desk.ledger, desk.box,
                {invoice("A", "100.00"), invoice("B", "50.00"), invoice("C", "70.00"),
                 invoice("X", "30.00", "99999999")});
  const auto first = desk.pay("100.00");
  desk.assign(first, {Desk::share("A")});
  REQUIRE(learned_accounts(desk.ledger, desk.box).size() == 1);
  CHECK(learned_accounts(desk.ledger, desk.box)[0].partner == "id:26012345");
  const auto second = desk.pay("50.00");
  CHECK(desk.payment(second).rule == MatchRule::account_amount);

  SECTION("an account seen at two partners decides nothing") {
    desk.assign(desk.pay("30.01"), {Desk::share("X")});
    CHECK(learned_accounts(desk.ledger, desk.box)[0].shared);
    CHECK(desk.payment(desk.pay("70.00")).status == PaymentStatus::ambiguous);
  }
  SECTION("what was taken back teaches nothing") {
    desk.unassign(first);
    CHECK(learned_accounts(desk.ledger, desk.box).empty());
    CHECK(desk.payment(desk.pay("70.00")).status == PaymentStatus::unmatched);
  }
  SECTION("another assignment still teaches it") {
    desk.assign(desk.pay("70.01"), {Desk::share("C")});
    desk.unassign(first);
    CHECK(learned_accounts(desk.ledger, desk.box).size() == 1);
  }
}

TEST_CASE("an ignored payment waits for nobody, and again once that is taken back") {
  Desk desk;
  const auto id = desk.pay("5.00", "1");
  const PaymentRow row = ignore_payment(desk.ledger, desk.settings, id, "a fee");
  CHECK(row.status == PaymentStatus::ignored);
  CHECK(row.why == "ignored by Eva: a fee");
  desk.check();
  CHECK_THROWS_AS(ignore_payment(desk.ledger, desk.settings, id, "again"), Error);
  put_documents(desk.ledger, desk.box, {invoice("1", "5.00")});
  CHECK(settle_waiting(desk.ledger, desk.settings).empty());
  CHECK(desk.unassign(id).status == PaymentStatus::unmatched);
  CHECK(settle_waiting(desk.ledger, desk.settings).size() == 1);
  CHECK_THROWS_AS(ignore_payment(desk.ledger, desk.settings, id, "too late"), Error);
  desk.check();
}

TEST_CASE("a document is cancelled only while nothing of it is paid") {
  Desk desk;
  put_documents(desk.ledger, desk.box, {invoice("1", "100.00"), invoice("2", "50.00")});
  const auto id = desk.pay("40.00", "1");
  const auto cancelled = [&](const std::string& number) {
    return cancel_document(desk.ledger, desk.settings, {number, {}, ""}, "issued twice");
  };
  CHECK_THROWS_WITH(cancelled("1"), Catch::Matchers::Contains("40.00 CZK of it is paid"));
  desk.unassign(id);
  CHECK(cancelled("1").document.status == DocumentStatus::cancelled);
  desk.check();
  CHECK_THROWS_AS(cancelled("1"), Error);
  CHECK_THROWS_AS(cancelled("3"), Error);
  CHECK(desk.payment(desk.pay("100.00", "1")).status == PaymentStatus::unmatched);
  desk.refuses(id, {Desk::share("1")}, "cancelled and owes nothing");
}
