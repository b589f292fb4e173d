#include "ledger/status.hpp"

#include <initializer_list>

#include "ledger/database.hpp"

namespace paymentctl {
namespace {

std::map<std::string, std::int64_t> count_by(Ledger& ledger, const std::string& table,
                                             const std::string& column, const std::string& states,
                                             const std::string& owner, std::int64_t key) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& [name, count] : ledger.database().rows<std::string, std::int64_t>(
           "SELECT " + column + ", COUNT(*) FROM " + table + " WHERE " + owner + " = :key AND " +
               column + " IN (" + states + ") GROUP BY " + column,
           key)) {
    counts[name] = count;
  }
  return counts;
}

}  // namespace

WaitingCounts count_waiting(Ledger& ledger, BoxKey box) {
  return {
      count_by(ledger, "message", "state", "'fetched', 'unrecognised', 'quarantined', 'failed'",
               "box_id", box.box),
      count_by(ledger, "payment", "status", "'unmatched', 'ambiguous'", "company_id", box.company),
      count_by(ledger, "outbox", "state", "'waiting', 'refused'", "box_id", box.box)};
}

std::int64_t waiting_notifications(Ledger& ledger, BoxKey box) {
  const auto counts = count_by(ledger, "outbox", "state", "'waiting'", "box_id", box.box);
  return counts.empty() ? 0 : counts.begin()->second;
}

std::optional<WaitingThing> oldest_waiting(Ledger& ledger, BoxKey box) {
  std::optional<WaitingThing> oldest;
  // The first row of each state, by its index: rows are numbered as they come.
  const auto look = [&](const char* name, const std::string& from, const std::string& owner,
                        std::int64_t key, std::initializer_list<const char*> states) {
    for (const char* state : states) {
      const auto found = ledger.database().row<std::int64_t, std::int64_t>(
          from + " = '" + state + "' AND " + owner + " = :key ORDER BY id LIMIT 1", key);
      if (!found) continue;
      const auto& [id, since] = *found;
      if (oldest && oldest->since <= from_seconds(since)) continue;
      oldest = {std::string(name) + " " + std::to_string(id), from_seconds(since)};
    }
  };
  look("mail", "SELECT id, fetched_at FROM message WHERE state", "box_id", box.box,
       {"fetched", "unrecognised", "quarantined", "failed"});
  look("payment", "SELECT id, posted_at FROM payment WHERE status", "company_id", box.company,
       {"unmatched", "ambiguous"});
  look("notification", "SELECT id, written_at FROM outbox WHERE state", "box_id", box.box,
       {"waiting"});
  return oldest;
}

std::optional<RefusedMails> refused_mails(Ledger& ledger, BoxKey box) {
  const auto all = ledger.database().row<std::int64_t, std::int64_t>(
      "SELECT COUNT(*), COALESCE(MIN(ended_at), 0) FROM outbox WHERE box_id = :box AND "
      "state = 'refused'",
      box.box);
  if (!all || std::get<0>(*all) == 0) return std::nullopt;
  const auto latest = ledger.database().row<std::string>(
      "SELECT last_error FROM outbox WHERE box_id = :box AND state = 'refused' ORDER BY ended_at "
      "DESC, id DESC LIMIT 1",
      box.box);
  return RefusedMails{std::get<0>(*all), from_seconds(std::get<1>(*all)),
                      latest ? std::get<0>(*latest) : std::string()};
}

void add_journal(Ledger& ledger, BoxKey box, const JournalEntry& entry) {
  ledger.transaction([&] {
    ledger.database().run(
        "INSERT INTO journal (company_id, at, who, subject, what, why) VALUES (:company, :at, "
        ":who, :subject, :what, :why)",
        box.company, to_seconds(entry.at), entry.who, entry.subject, entry.what, entry.why);
  });
}

std::vector<JournalEntry> journal_of(Ledger& ledger, BoxKey box, const std::string& subject) {
  std::vector<JournalEntry> entries;
  for (const auto& [id, at, who, about, what, why] :
       ledger.database()
           .rows<std::int64_t, std::int64_t, std::string, std::string, std::string, std::string>(
               "SELECT id, at, who, subject, what, why FROM journal WHERE company_id = :company "
               "AND subject = :subject ORDER BY id",
               box.company, subject)) {
    entries.push_back({id, from_seconds(at), who, about, what, why});
  }
  return entries;
}

void record_run(Ledger& ledger, BoxKey box, const RunRecord& run) {
  ledger.transaction([&] {
    ledger.database().run(
        "INSERT INTO run (box_id, started, ended, exit_code, summary, error, every) VALUES (:box, "
        ":started, :ended, :code, :summary, :error, :every)",
        box.box, to_seconds(run.started), to_seconds(run.ended), run.exit_code, run.summary,
        run.error, static_cast<std::int64_t>(run.every.count()));
  });
}

std::optional<Timestamp> latest_success(Ledger& ledger, BoxKey box) {
  const auto row = ledger.database().row<std::int64_t>(
      "SELECT ended FROM run WHERE box_id = :box AND exit_code = 0 ORDER BY id DESC LIMIT 1",
      box.box);
  return row ? std::optional(from_seconds(std::get<0>(*row))) : std::nullopt;
}

std::optional<Timestamp> first_run(Ledger& ledger, BoxKey box) {
  const auto row = ledger.database().row<std::int64_t>(
      "SELECT started FROM run WHERE box_id = :box ORDER BY id LIMIT 1", box.box);
  return row ? std::optional(from_seconds(std::get<0>(*row))) : std::nullopt;
}

std::vector<RunRecord> latest_runs(Ledger& ledger, BoxKey box, int limit) {
  std::vector<RunRecord> runs;
  for (const auto& [id, started, ended, code, summary, error, every] :
       ledger.database()
           .rows<std::int64_t, std::int64_t, std::int64_t, int, std::string, std::string,
                 std::int64_t>(
               "SELECT id, started, ended, exit_code, summary, error, every FROM run WHERE "
               "box_id = :box ORDER BY id DESC LIMIT :most",
               box.box, limit)) {
    runs.push_back({id, from_seconds(started), from_seconds(ended), code, summary, error,
                    std::chrono::seconds(every)});
  }
  return runs;
}

}  // namespace paymentctl
