#include "ledger/outbox.hpp"

#include <array>

#include "ledger/database.hpp"

namespace paymentctl {
namespace {

constexpr std::array<std::string_view, 4> kind_names = {"payment", "correction", "digest", "error"};
constexpr std::array<std::string_view, 4> outbox_states = {"waiting", "sent", "withdrawn",
                                                           "refused"};

const std::string select_outbox =
    "SELECT id, kind, cause, subject, body, message_id, state, tries, last_error, written_at, "
    "next_try FROM outbox ";

template <typename... In>
std::vector<OutboxEntry> entries(Ledger& ledger, const std::string& condition,
                                 const In&... values) {
  std::vector<OutboxEntry> found;
  for (const auto& row :
       ledger.database()
           .rows<std::int64_t, std::string, std::string, std::string, std::string, std::string,
                 std::string, int, std::string, std::int64_t, std::int64_t>(
               select_outbox + condition, values...)) {
    OutboxEntry entry;
    std::string kind;
    std::string state;
    std::int64_t written = 0;
    std::int64_t next = 0;
    std::tie(entry.id, kind, entry.cause, entry.subject, entry.text, entry.message_id, state,
             entry.tries, entry.last_error, written, next) = row;
    for (std::size_t i = 0; i < kind_names.size(); ++i) {
      if (kind_names[i] == kind) entry.kind = static_cast<OutboxKind>(i);
    }
    for (std::size_t i = 0; i < outbox_states.size(); ++i) {
      if (outbox_states[i] == state) entry.state = static_cast<OutboxState>(i);
    }
    entry.written_at = from_seconds(written);
    entry.next_try = from_seconds(next);
    found.push_back(std::move(entry));
  }
  return found;
}

bool end(Ledger& ledger, BoxKey box, std::int64_t id, OutboxState state, Timestamp now) {
  const std::int64_t changed = ledger.database().run(
      "UPDATE outbox SET state = :state, ended_at = :now WHERE box_id = :box AND id = :id AND "
      "state = 'waiting'",
      name_of(state), to_seconds(now), box.box, id);
  return changed > 0;
}

}  // namespace

std::string_view name_of(OutboxKind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }
std::string_view name_of(OutboxState state) {
  return outbox_states.at(static_cast<std::size_t>(state));
}

void put_outbox(Ledger& ledger, BoxKey box, const OutboxEntry& entry) {
  ledger.database().insert_later(
      "INSERT INTO outbox (box_id, cause, kind, subject, body, message_id, state, written_at, "
      "next_try) VALUES (:box, :cause, :kind, :subject, :body, :id, 'waiting', :written, :next) "
      "ON CONFLICT (box_id, cause) DO NOTHING",
      box.box, entry.cause, name_of(entry.kind), entry.subject, entry.text, entry.message_id,
      to_seconds(entry.written_at), to_seconds(entry.next_try));
}

std::vector<OutboxEntry> due_outbox(Ledger& ledger, BoxKey box, Timestamp now, std::int64_t after,
                                    int limit) {
  return entries(ledger,
                 "WHERE box_id = :box AND state = 'waiting' AND next_try <= :now AND id > :after "
                 "ORDER BY id LIMIT :most",
                 box.box, to_seconds(now), after, limit);
}

std::vector<OutboxEntry> waiting_outbox(Ledger& ledger, BoxKey box, std::int64_t after, int limit) {
  return entries(
      ledger, "WHERE box_id = :box AND state = 'waiting' AND id > :after ORDER BY id LIMIT :most",
      box.box, after, limit);
}

OverdueOutbox overdue_outbox(Ledger& ledger, BoxKey box, Timestamp tried, Timestamp untried) {
  const auto [count, error] =
      ledger.database()
          .row<std::int64_t, std::string>(
              "SELECT COUNT(*), COALESCE(MAX(last_error), '') FROM outbox WHERE box_id = :box AND "
              "state = 'waiting' AND (written_at < :untried OR (tries > 0 AND written_at < "
              ":tried))",
              box.box, to_seconds(untried), to_seconds(tried))
          .value();
  return {count, error};
}

void outbox_sent(Ledger& ledger, BoxKey box, std::int64_t id, Timestamp now) {
  end(ledger, box, id, OutboxState::sent, now);
}

void outbox_failed(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& error,
                   Timestamp next_try) {
  ledger.transaction([&] {
    ledger.database().run(
        "UPDATE outbox SET tries = tries + 1, last_error = :error, next_try = :next WHERE "
        "box_id = :box AND id = :id AND state = 'waiting'",
        error, to_seconds(next_try), box.box, id);
  });
}

void outbox_refused(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& error,
                    Timestamp now) {
  ledger.transaction([&] {
    ledger.database().run(
        "UPDATE outbox SET tries = tries + 1, last_error = :error, state = 'refused', "
        "ended_at = :now WHERE box_id = :box AND id = :id AND state = 'waiting'",
        error, to_seconds(now), box.box, id);
  });
}

std::int64_t retry_refused_outbox(Ledger& ledger, BoxKey box, Timestamp now) {
  std::int64_t count = 0;
  ledger.transaction([&] {
    count = ledger.database().run(
        "UPDATE outbox SET tries = 0, state = 'waiting', next_try = :now, ended_at = NULL WHERE "
        "box_id = :box AND state = 'refused'",
        to_seconds(now), box.box);
  });
  return count;
}

std::optional<OutboxEntry> latest_outbox(Ledger& ledger, BoxKey box, OutboxKind kind) {
  auto found = entries(ledger, "WHERE box_id = :box AND kind = :kind ORDER BY id DESC LIMIT 1",
                       box.box, name_of(kind));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

bool withdraw_outbox(Ledger& ledger, BoxKey box, std::int64_t id, Timestamp now) {
  return end(ledger, box, id, OutboxState::withdrawn, now);
}

}  // namespace paymentctl
