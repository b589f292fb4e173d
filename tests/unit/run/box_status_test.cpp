#include "run/box_status.hpp"

#include <catch2/catch.hpp>

#include "../ledger/scratch.hpp"
#include "ledger/outbox.hpp"

using namespace paymentctl;

TEST_CASE("an age is told in the largest unit of which there is more than one") {
  const Timestamp now = at_noon();
  const auto ago = [&](auto time) { return age_text(now - time, now); };
  CHECK(ago(std::chrono::seconds(119)) == "119 seconds");
  CHECK(ago(std::chrono::minutes(2)) == "2 minutes");
  CHECK(ago(std::chrono::minutes(119)) == "119 minutes");
  CHECK(ago(std::chrono::hours(47)) == "47 hours");
  CHECK(ago(std::chrono::hours(48)) == "2 days");
  CHECK(age_text(now + std::chrono::hours(1), now) == "0 seconds");
}

TEST_CASE("a notification needs a person an hour after a try in vain or a day without one") {
  Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  OutboxEntry entry;
  entry.cause = "payment:1:paired:1";
  entry.written_at = at_noon();
  put_outbox(ledger, box, entry);
  const auto needs = [&](auto later) {
    return !status_of_box(ledger, box, at_noon() + later).attention.empty();
  };
  CHECK_FALSE(needs(std::chrono::hours(24)));
  CHECK(needs(std::chrono::hours(25)));
  const auto id = waiting_outbox(ledger, box, 0, 1).front().id;
  outbox_failed(ledger, box, id, "nobody answers", at_noon());
  CHECK_FALSE(needs(std::chrono::minutes(60)));
  CHECK(needs(std::chrono::minutes(61)));
}

TEST_CASE("only the latest unrecognised mails are told one by one, the others by their number") {
  Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  for (int i = 0; i < 23; ++i) {
    const auto sha256 = put_mail(ledger, box, std::to_string(i));
    set_message_state(ledger, box, find_message(ledger, box, sha256)->id,
                      MessageState::unrecognised, "new words", "", at_noon());
  }
  const BoxStatus status = status_of_box(ledger, box, at_noon());
  REQUIRE(status.attention.size() == 21);
  CHECK(status.attention.front() == "mail 4 from nobody is unrecognised: new words");
  CHECK(status.attention.back() ==
        "3 more mails are unrecognised; see: paymentctl messages list --state unrecognised");
  CHECK(status.oldest->what == "mail 1");
}

TEST_CASE("a box that ran and then went quiet for three pauses needs a person") {
  using std::chrono::hours;
  using std::chrono::minutes;
  Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  const auto silent = [&](Timestamp now, StatusFacts facts = {}) {
    const auto attention = status_of_box(ledger, box, now, facts).attention;
    return !attention.empty() && attention.front().starts_with("no run has succeeded for ");
  };
  const auto run = [&](Timestamp at, int code, std::chrono::seconds every = minutes(0)) {
    RunRecord record;
    record.started = record.ended = at;
    record.exit_code = code;
    record.every = every;
    record_run(ledger, box, record);
  };
  CHECK_FALSE(silent(at_noon()));  // never ran: nobody set it up yet
  run(at_noon(), 0);
  CHECK_FALSE(silent(at_noon() + minutes(30)));
  CHECK(silent(at_noon() + minutes(31)));
  CHECK_FALSE(silent(at_noon() + hours(3), {.usual_pause = hours(1)}));
  CHECK(silent(at_noon() + hours(4), {.usual_pause = hours(1)}));
  // runs that fail are no success, however many
  run(at_noon() + minutes(40), 69);
  CHECK(silent(at_noon() + minutes(41)));
  // a service's own pause counts more than the settings'
  run(at_noon() + minutes(60), 0, hours(1));
  CHECK_FALSE(silent(at_noon() + hours(4)));
  CHECK(silent(at_noon() + hours(4) + minutes(1)));
}

TEST_CASE("a box that has never succeeded is counted from its first run") {
  Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  RunRecord record;
  record.started = record.ended = at_noon();
  record.exit_code = 77;
  record_run(ledger, box, record);
  CHECK(status_of_box(ledger, box, at_noon()).attention.size() == 1);
  const auto later = status_of_box(ledger, box, at_noon() + std::chrono::minutes(31)).attention;
  REQUIRE(later.size() == 2);
  CHECK(later.front() ==
        "no run has succeeded for 31 minutes, and one is wanted every 10 minutes; look at the "
        "service with: paymentctl service-status");
}
