#include "ledger/lease.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/database.hpp"

namespace paymentctl {
namespace {

/// A statement in which {now} is the database's time in seconds since 1970.
std::string with_now(Ledger& ledger, std::string_view sql) {
  return fmt::format(fmt::runtime(sql), fmt::arg("now", ledger.database().dialect().seconds_now()));
}

void check(Database& database, const Lease& lease) {
  const auto row = database.row<std::int64_t, std::string>(
      "SELECT epoch, owner FROM lease WHERE box_id = :box", lease.box.box);
  if (row && std::get<0>(*row) == lease.epoch) return;
  throw Error(ExitCode::temporary,
              fmt::format("{} has taken this box over, since nothing was heard of {} for too long; "
                          "it goes on there",
                          row ? std::get<1>(*row) : "another worker", lease.owner));
}

}  // namespace

LeaseAnswer take_lease(Ledger& ledger, BoxKey box, const LeaseWish& wish) {
  LeaseAnswer answer;
  // Who stands still in the middle of this would keep the turn from everybody.
  ledger.database().end_when_idle(wish.length);
  ledger.transaction([&] {
    answer = {};
    Database& database = ledger.database();
    const auto row = database.row<std::int64_t, std::int64_t, std::int64_t, std::string>(
        with_now(ledger,
                 "SELECT epoch, ends_at - {now}, {now} - began_at, owner FROM lease WHERE box_id = "
                 ":box"),
        box.box);
    if (!row) {
      database.run(with_now(ledger,
                            "INSERT INTO lease (box_id, owner, epoch, began_at, ends_at) VALUES "
                            "(:box, :owner, 1, {now}, {now} + :length)"),
                   box.box, wish.owner, wish.length.count());
      answer.lease = Lease{box, wish.owner, 1};
      return;
    }
    const auto& [epoch, left, ago, owner] = *row;
    // A turn that is given back begins the rest of the box at once.
    const std::int64_t held = std::min<std::int64_t>(left, 30);
    const std::int64_t wait = std::max<std::int64_t>(held, wish.rest.count() - ago);
    if (wait > 0) {
      answer.wait = std::chrono::seconds(wait);
      answer.owner = owner;
      return;
    }
    database.run(with_now(ledger,
                          "UPDATE lease SET owner = :owner, epoch = :epoch, began_at = {now}, "
                          "ends_at = {now} + :length WHERE box_id = :box"),
                 wish.owner, epoch + 1, wish.length.count(), box.box);
    answer.lease = Lease{box, wish.owner, epoch + 1};
  });
  return answer;
}

bool renew_lease(Ledger& ledger, const Lease& lease, std::chrono::seconds length) {
  std::int64_t changed = 0;
  ledger.database().end_when_idle(length);
  ledger.transaction([&] {
    changed = ledger.database().run(
        with_now(ledger,
                 "UPDATE lease SET ends_at = {now} + :length WHERE box_id = :box AND epoch = "
                 ":epoch"),
        length.count(), lease.box.box, lease.epoch);
  });
  return changed == 1;
}

void give_back_lease(Ledger& ledger, const Lease& lease) {
  ledger.transaction([&] {
    ledger.database().run("UPDATE lease SET ends_at = 0 WHERE box_id = :box AND epoch = :epoch",
                          lease.box.box, lease.epoch);
  });
}

void hold_lease(Ledger& ledger, const Lease& lease, std::chrono::seconds length) {
  ledger.database().begin_with([lease](Database& database) { check(database, lease); });
  ledger.database().end_when_idle(length);
}

}  // namespace paymentctl
