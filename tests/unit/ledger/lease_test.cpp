#include "ledger/lease.hpp"

#include <catch2/catch.hpp>

#include "ledger/allocations.hpp"
#include "ledger/posting.hpp"
#include "scratch.hpp"

using namespace paymentctl;

namespace {

constexpr std::chrono::seconds minute{60};

struct Fixture {
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
  Fixture f;
  const auto first = f.take("first");
  REQUIRE(first.lease);
  CHECK(first.lease->epoch == 1);
  const auto second = f.take("second");
  CHECK_FALSE(second.lease);
  CHECK(second.owner == "first");
  CHECK(second.wait > std::chrono::seconds(0));
  CHECK(take_lease(f.ledger, f.ledger.box("default", "other"), {"second", minute, {}}).lease);
}

TEST_CASE("a turn that is given back or has run out is another worker's, under the next epoch") {
  Fixture f;
  give_back_lease(f.ledger, *f.take("first").lease);
  const auto second = f.take("second");
  REQUIRE(second.lease);
  CHECK(second.lease->epoch == 2);
  f.let_time_pass();
  CHECK(f.take("third").lease->epoch == 3);
}

TEST_CASE("a box rests from the beginning of a turn, whoever had it") {
  Fixture f;
  give_back_lease(f.ledger, *f.take("first").lease);
  const auto early = f.take("second", std::chrono::minutes(10));
  CHECK_FALSE(early.lease);
  CHECK(early.wait > std::chrono::minutes(9));
  f.let_time_pass();
  CHECK(f.take("second", std::chrono::minutes(10)).lease);
}

TEST_CASE("a worker that was thought dead can neither renew, give back nor write") {
  Fixture f;
  const Lease old = *f.take("first").lease;
  Ledger sleeper = Ledger::open(f.place, LedgerAccess::existing);
  hold_lease(sleeper, old, minute);
  sleeper.transaction([&] { raise_revision(sleeper, f.box); });
  CHECK(renew_lease(f.ledger, old, minute));

  f.let_time_pass();
  // Nobody else has it yet, so nothing has happened.
  sleeper.transaction([&] { raise_revision(sleeper, f.box); });
  const Lease taken = *f.take("second").lease;
  CHECK_FALSE(renew_lease(f.ledger, old, minute));
  give_back_lease(f.ledger, old);
  CHECK_FALSE(f.take("third").lease);
  CHECK_THROWS_WITH(sleeper.transaction([&] { raise_revision(sleeper, f.box); }),
                    Catch::Contains("second has taken this box over"));
  CHECK_THROWS_AS(sleeper.reading([] {}), Error);
  Ledger other = sleeper.another();
  CHECK_THROWS_AS(other.transaction([&] { raise_revision(other, f.box); }), Error);
  CHECK(company_revision(f.ledger, f.box) == 2);
  CHECK(renew_lease(f.ledger, taken, minute));
}
