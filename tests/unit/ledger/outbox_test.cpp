#include "ledger/outbox.hpp"

#include <catch2/catch.hpp>

#include "ledger/status.hpp"
#include "scratch.hpp"

using namespace paymentctl;

namespace {

OutboxEntry entry_of(OutboxKind kind, const std::string& cause) {
  OutboxEntry entry;
  entry.kind = kind;
  entry.cause = cause;
  entry.subject = "subject of " + cause;
  entry.text = "text";
  entry.message_id = cause + "@papirna.test";
  entry.written_at = at_noon();
  entry.next_try = at_noon();
  return entry;
}

}  // namespace

TEST_CASE("a mail that the server refused is not tried again and its words are kept") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("firma", "box");
  put_outbox(ledger, box, entry_of(OutboxKind::payment, "payment:1"));
  const auto id = due_outbox(ledger, box, at_noon(), 0, 10).at(0).id;
  outbox_refused(ledger, box, id, "550 no such user", at_noon());
  CHECK(waiting_outbox(ledger, box, 0, 10).empty());
  CHECK(count_waiting(ledger, box).outbox.at("refused") == 1);
  const auto entry = latest_outbox(ledger, box, OutboxKind::payment);
  REQUIRE(entry);
  CHECK(entry->state == OutboxState::refused);
  CHECK(entry->last_error == "550 no such user");
  CHECK(entry->tries == 1);
}

TEST_CASE("the latest mail of a kind is found whatever became of it, for this box alone") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("firma", "box");
  const BoxKey other = ledger.box("firma", "other");
  CHECK_FALSE(latest_outbox(ledger, box, OutboxKind::error));
  put_outbox(ledger, box, entry_of(OutboxKind::error, "error:1"));
  put_outbox(ledger, box, entry_of(OutboxKind::error, "error:2"));
  put_outbox(ledger, box, entry_of(OutboxKind::digest, "digest:1"));
  put_outbox(ledger, other, entry_of(OutboxKind::error, "error:3"));
  CHECK(latest_outbox(ledger, box, OutboxKind::error)->cause == "error:2");
  CHECK_FALSE(latest_outbox(ledger, box, OutboxKind::correction));
}
