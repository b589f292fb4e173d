#include "ledger/lease.hpp"

#include <catch2/catch.hpp>

#include "ledger/allocations.hpp"
#include "ledger/posting.hpp"
#include "scratch.hpp"

using namespace paymentctl;

namespace {

constexpr std::chrono::seconds minute{60};

struct Workers {
  Scratch scratch;
  std::string place = scratch.ledger();
  Ledger ledger = Ledger::open(place);
  BoxKey box = ledger.box("default", "box");

  LeaseAnswer take(const std::string& owner, std::chrono::seconds rest = std::chrono::seconds(0)) {
    return take_lease(ledger, box, {owner, minute, rest});
  }
  void let_time_pass() { ledger.database().execute("UPDATE lease SET ends_at = 0, began_at = 0"); }
};

}  // namespace

TEST_CASE("of two workers one has a box's turn, and the other hears who and how long") {
  Workers workers;
  const auto first = workers.take("first");
  REQUIRE(first.lease);
  CHECK(first.lease->epoch == 1);
  const auto second = workers.take("second");
  CHECK_FALSE(second.lease);
  CHECK(second.owner == "first");
  CHECK(second.wait > std::chrono::seconds(0));
  CHECK(take_lease(workers.ledger, workers.ledger.box("default", "other"), {"second", minute, {}})
            .lease);
}

TEST_CASE("the turn of a worker does not bind who has his connection next") {
  Workers workers;
  {
    Ledger worker = Ledger::open(workers.place);
    hold_lease(worker, workers.take("first").lease.value(), minute);
    worker.transaction([] {});
    workers.let_time_pass();
    REQUIRE(workers.take("second").lease);
    CHECK_THROWS_AS(worker.transaction([] {}), Error);
  }
  Ledger next = Ledger::open(workers.place);
  CHECK_NOTHROW(next.transaction([] {}));
}

TEST_CASE("each connection of a worker has the server end what it holds when it is suspended") {
  if (!test_server()) return;  // a file's locks end with their process alone
  Workers workers;
  const auto longest = [](Ledger& ledger) {
    return std::get<0>(ledger.database()
                           .row<std::string>("SELECT current_setting("
                                             "'idle_in_transaction_session_timeout')")
                           .value());
  };
  CHECK(longest(workers.ledger) == "0");
  const Lease lease = workers.take("first").lease.value();
  CHECK(longest(workers.ledger) == "1min");
  Ledger fetching = workers.ledger.another();
  CHECK(longest(fetching) == "1min");
  Ledger renewing = Ledger::open(workers.place, LedgerAccess::existing, 5000);
  REQUIRE(renew_lease(renewing, lease, minute));
  CHECK(longest(renewing) == "1min");
}

TEST_CASE("a turn that is given back or has run out is another worker's, under the next epoch") {
  Workers workers;
  give_back_lease(workers.ledger, *workers.take("first").lease);
  const auto second = workers.take("second");
  REQUIRE(second.lease);
  CHECK(second.lease->epoch == 2);
  workers.let_time_pass();
  CHECK(workers.take("third").lease->epoch == 3);
}

TEST_CASE("a box rests from the beginning of a turn, whoever had it") {
  Workers workers;
  give_back_lease(workers.ledger, *workers.take("first").lease);
  const auto early = workers.take("second", std::chrono::minutes(10));
  CHECK_FALSE(early.lease);
  CHECK(early.wait > std::chrono::minutes(9));
  workers.let_time_pass();
  CHECK(workers.take("second", std::chrono::minutes(10)).lease);
}

TEST_CASE("a worker that was thought dead can neither renew, give back nor write") {
  Workers workers;
  const Lease old = *workers.take("first").lease;
  Ledger sleeper = Ledger::open(workers.place, LedgerAccess::existing);
  hold_lease(sleeper, old, minute);
  sleeper.transaction([&] { raise_revision(sleeper, workers.box); });
  CHECK(renew_lease(workers.ledger, old, minute));

  workers.let_time_pass();
  // Nobody else has it yet, so nothing has happened.
  sleeper.transaction([&] { raise_revision(sleeper, workers.box); });
  const Lease taken = *workers.take("second").lease;
  CHECK_FALSE(renew_lease(workers.ledger, old, minute));
  give_back_lease(workers.ledger, old);
  CHECK_FALSE(workers.take("third").lease);
  CHECK_THROWS_WITH(sleeper.transaction([&] { raise_revision(sleeper, workers.box); }),
                    Catch::Contains("second has taken this box over"));
  CHECK_THROWS_AS(sleeper.reading([] {}), Error);
  Ledger other = sleeper.another();
  CHECK_THROWS_AS(other.transaction([&] { raise_revision(other, workers.box); }), Error);
  CHECK(company_revision(workers.ledger, workers.box) == 2);
  CHECK(renew_lease(workers.ledger, taken, minute));
}
