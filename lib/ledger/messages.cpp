#include "ledger/messages.hpp"

#include <array>

#include "ledger/database.hpp"
#include "ledger/raw_mail.hpp"
#include "ledger/status.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

constexpr std::array<std::string_view, 7> state_names = {
    "fetched", "posted", "ignored", "unrecognised", "quarantined", "duplicate", "failed"};

constexpr std::array<std::string_view, 3> origin_names = {"file", "mailbox", "recovered"};

using Columns =
    std::tuple<std::int64_t, std::string, std::string, std::string, std::string, std::string,
               std::string, std::string, std::string, std::string, std::string, std::string,
               std::int64_t, std::string, std::int64_t, std::int64_t, std::int64_t>;

const std::string select_message =
    "SELECT id, state, sha256, message_id, uidl, path, sender, subject, format, reason, "
    "origin, suspicion, released, evidence, pruned, fetched_at, (SELECT COUNT(*) FROM "
    "payment_source WHERE "
    "payment_source.message_id = "
    "message.id) FROM message ";

MessageRow row_of(const Columns& columns) {
  MessageRow row;
  std::string state;
  std::int64_t fetched = 0;
  std::int64_t payments = 0;
  std::int64_t released = 0;
  std::string origin;
  std::int64_t pruned = 0;
  std::tie(row.id, state, row.sha256, row.message_id, row.uidl, row.path, row.from, row.subject,
           row.format, row.reason, origin, row.suspicion, released, row.evidence, pruned, fetched,
           payments) = columns;
  row.state = message_state(state).value_or(MessageState::failed);
  // An origin that nobody knows is none to be trusted.
  row.origin = origin == name_of(MailOrigin::file)      ? MailOrigin::file
               : origin == name_of(MailOrigin::mailbox) ? MailOrigin::mailbox
                                                        : MailOrigin::recovered;
  row.released = released != 0;
  row.pruned = pruned != 0;
  row.fetched_at = from_seconds(fetched);
  row.payments = static_cast<int>(payments);
  return row;
}

template <typename... In>
std::vector<MessageRow> message_rows(Ledger& ledger, const std::string& rest, const In&... values) {
  std::vector<MessageRow> found;
  for (const auto& columns :
       ledger.database()
           .rows<std::int64_t, std::string, std::string, std::string, std::string, std::string,
                 std::string, std::string, std::string, std::string, std::string, std::string,
                 std::int64_t, std::string, std::int64_t, std::int64_t, std::int64_t>(
               select_message + rest, values...)) {
    found.push_back(row_of(columns));
  }
  return found;
}

/// A mail with this one's Message-ID and, since it is recorded at all, another body.
std::string suspicion_of(Ledger& ledger, BoxKey box, const FetchedMail& mail) {
  if (mail.origin == MailOrigin::file || mail.message_id.empty()) return {};
  const auto other = ledger.database().row<std::int64_t>(
      "SELECT id FROM message WHERE box_id = :box AND message_id = :id ORDER BY id LIMIT 1",
      box.box, mail.message_id);
  if (!other) return {};
  return "mail " + std::to_string(std::get<0>(*other)) +
         " had the same Message-ID and another text, so one of the two may be forged";
}

void note(Ledger& ledger, BoxKey box, std::int64_t message, const std::string& who,
          std::string what, std::string why, Timestamp now) {
  JournalEntry entry;
  entry.at = now;
  entry.who = who;
  entry.subject = "message:" + std::to_string(message);
  entry.what = std::move(what);
  entry.why = std::move(why);
  add_journal(ledger, box, entry);
}

std::optional<MessageRow> first_of(std::vector<MessageRow> rows) {
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace

std::string_view name_of(MessageState state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<MessageState> message_state(std::string_view name) {
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    if (state_names[i] == name) return static_cast<MessageState>(i);
  }
  return std::nullopt;
}

std::string_view name_of(MailOrigin origin) {
  return origin_names.at(static_cast<std::size_t>(origin));
}

std::string mail_body_digest(std::string_view raw) {
  for (std::size_t end = raw.find('\n'); end != std::string_view::npos;
       end = raw.find('\n', end + 1)) {
    std::string_view rest = raw.substr(end + 1);
    if (rest.starts_with("\r\n")) return sha256(rest.substr(2));
    if (rest.starts_with("\n")) return sha256(rest.substr(1));
  }
  return sha256({});
}

bool was_seen(Ledger& ledger, BoxKey box, const std::string& sha256, const std::string& message_id,
              const std::string& body_digest) {
  return ledger.database()
      .row<std::int64_t>(
          "SELECT 1 WHERE EXISTS (SELECT 1 FROM message WHERE box_id = :box AND sha256 = :sha256) "
          "OR (:given <> '' AND EXISTS (SELECT 1 FROM message WHERE box_id = :box2 AND "
          "message_id = :id AND body_digest = :digest))",
          box.box, sha256, message_id, box.box, message_id, body_digest)
      .has_value();
}

std::vector<bool> record_fetched(Ledger& ledger, BoxKey box,
                                 const std::vector<FetchedMail>& mails) {
  std::vector<bool> is_new;
  ledger.transaction([&] {
    is_new.clear();
    for (const FetchedMail& mail : mails) {
      if (!mail.message_id.empty()) {
        const auto same = ledger.database().row<std::int64_t>(
            "SELECT id FROM message WHERE box_id = :box AND message_id = :id AND "
            "body_digest = :digest LIMIT 1",
            box.box, mail.message_id, mail.body_digest);
        if (same) {
          is_new.push_back(false);
          continue;
        }
      }
      const std::int64_t at = to_seconds(mail.fetched_at);
      is_new.push_back(
          ledger.database().run(
              "INSERT INTO message (box_id, sha256, body_digest, message_id, uidl, path, sender, "
              "subject, origin, suspicion, state, fetched_at, changed_at) VALUES (:box, :sha256, "
              ":digest, :id, :uidl, :path, :sender, :subject, :origin, :suspicion, 'fetched', "
              ":fetched, :changed) "
              "ON CONFLICT (box_id, sha256) DO NOTHING",
              box.box, mail.sha256, mail.body_digest, mail.message_id, mail.uidl, mail.path,
              mail.from, mail.subject, name_of(mail.origin), suspicion_of(ledger, box, mail), at,
              at) > 0);
      if (is_new.back() && !mail.raw.empty()) keep_raw_mail(ledger, box, mail.sha256, mail.raw);
    }
  });
  return is_new;
}

std::vector<MessageRow> fetched_mails(Ledger& ledger, BoxKey box, std::int64_t after, int limit) {
  return message_rows(
      ledger, "WHERE box_id = :box AND state = 'fetched' AND id > :after ORDER BY id LIMIT :most",
      box.box, after, limit);
}

std::int64_t newest_mail(Ledger& ledger, BoxKey box) {
  return std::get<0>(
      ledger.database()
          .row<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM message WHERE box_id = :box",
                             box.box)
          .value());
}

bool knows_archive_path(Ledger& ledger, BoxKey box, const std::string& path) {
  return ledger.database()
      .row<std::int64_t>("SELECT id FROM message WHERE box_id = :box AND path = :path LIMIT 1",
                         box.box, path)
      .has_value();
}

std::optional<MessageRow> find_message(Ledger& ledger, BoxKey box, const std::string& sha256) {
  return first_of(
      message_rows(ledger, "WHERE box_id = :box AND sha256 = :sha256", box.box, sha256));
}

std::optional<std::pair<std::int64_t, MessageState>> find_state(Ledger& ledger, BoxKey box,
                                                                const std::string& sha256) {
  const auto row = ledger.database().row<std::int64_t, std::string>(
      "SELECT id, state FROM message WHERE box_id = :box AND sha256 = :sha256", box.box, sha256);
  if (!row) return std::nullopt;
  return std::pair(std::get<0>(*row),
                   message_state(std::get<1>(*row)).value_or(MessageState::failed));
}

std::optional<MessageRow> find_message(Ledger& ledger, BoxKey box, std::int64_t id) {
  return first_of(message_rows(ledger, "WHERE box_id = :box AND id = :id", box.box, id));
}

void set_message_state(Ledger& ledger, BoxKey box, std::int64_t id, MessageState state,
                       const std::string& reason, const std::string& format, Timestamp now) {
  const auto changed = ledger.database().run(
      "UPDATE message SET state = :state, reason = :reason, format = :format, "
      "changed_at = :now WHERE box_id = :box AND id = :id",
      name_of(state), reason, format, to_seconds(now), box.box, id);
  if (changed != 1) throw Error(ExitCode::software, "the ledger has no mail " + std::to_string(id));
}

bool retry_message(Ledger& ledger, BoxKey box, const MessageRow& message, const std::string& who,
                   Timestamp now) {
  bool changed = false;
  ledger.transaction([&] {
    const auto row = find_message(ledger, box, message.id);
    if (!row) throw Error(ExitCode::data, "there is no mail " + std::to_string(message.id));
    if (row->payments > 0) {
      throw Error(ExitCode::data, "mail " + std::to_string(row->id) + " is " +
                                      std::string(name_of(row->state)) +
                                      " and its payments are in the ledger; see: paymentctl "
                                      "messages show " +
                                      std::to_string(row->id));
    }
    changed = row->state != MessageState::fetched;
    if (!changed) return;
    set_message_state(ledger, box, row->id, MessageState::fetched, "", "", now);
    note(ledger, box, row->id, who,
         "to be judged again; it was " + std::string(name_of(row->state)), row->reason, now);
  });
  return changed;
}

void set_origin(Ledger& ledger, BoxKey box, std::int64_t id, MailOrigin origin) {
  ledger.database().run("UPDATE message SET origin = :origin WHERE box_id = :box AND id = :id",
                        name_of(origin), box.box, id);
}

int requeue_own_mails(Ledger& ledger, BoxKey box, Timestamp now) {
  return static_cast<int>(ledger.database().run(
      "UPDATE message SET state = 'fetched', reason = '', format = '', changed_at = :now WHERE "
      "box_id = :box AND state = 'quarantined' AND origin = 'file'",
      to_seconds(now), box.box));
}

std::optional<std::int64_t> find_signed_text(Ledger& ledger, BoxKey box, const std::string& text) {
  const auto row = ledger.database().row<std::int64_t>(
      "SELECT id FROM message WHERE box_id = :box AND signed_text = :text AND signed_text <> '' "
      "ORDER BY id LIMIT 1",
      box.box, text);
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

void set_signed_text(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& text) {
  ledger.database().run("UPDATE message SET signed_text = :text WHERE box_id = :box AND id = :id",
                        text, box.box, id);
}

void set_evidence(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& evidence) {
  ledger.database().run("UPDATE message SET evidence = :evidence WHERE box_id = :box AND id = :id",
                        evidence, box.box, id);
}

void set_pruned(Ledger& ledger, BoxKey box, const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return;
  ledger.transaction([&] {
    for (const std::int64_t id : ids) {
      if (ledger.database().run("UPDATE message SET pruned = 1 WHERE box_id = :box AND id = :id",
                                box.box, id) > 0) {
        ledger.database().run("DELETE FROM raw_mail WHERE message_id = :id", id);
      }
    }
  });
}

void release_message(Ledger& ledger, BoxKey box, const MessageRow& message, const std::string& who,
                     const std::string& why, Timestamp now) {
  ledger.transaction([&] {
    const auto row = find_message(ledger, box, message.id);
    if (!row) throw Error(ExitCode::data, "there is no mail " + std::to_string(message.id));
    if (row->state != MessageState::quarantined) {
      throw Error(ExitCode::data, "mail " + std::to_string(row->id) + " is " +
                                      std::string(name_of(row->state)) +
                                      "; only a quarantined one can be released");
    }
    set_message_state(ledger, box, row->id, MessageState::fetched, "", "", now);
    ledger.database().run("UPDATE message SET released = 1 WHERE box_id = :box AND id = :id",
                          box.box, row->id);
    note(ledger, box, row->id, who, "released; it was quarantined: " + row->reason, why, now);
  });
}

std::optional<std::int64_t> latest_unproven(Ledger& ledger, BoxKey box) {
  const auto found = ledger.database().row<std::int64_t>(
      "SELECT id FROM message WHERE box_id = :box AND state = 'posted' AND origin <> 'file' AND "
      "released = 0 AND evidence LIKE :pattern ORDER BY id DESC LIMIT 1",
      box.box, R"(%"required":"off"%)");
  return found ? std::optional(std::get<0>(*found)) : std::nullopt;
}

std::vector<MessageRow> list_messages(Ledger& ledger, BoxKey box, const MessageFilter& filter) {
  std::string condition = "WHERE box_id = :box AND id > :after ";
  if (!filter.states.empty()) condition += "AND state IN (" + quoted_names(filter.states) + ") ";
  condition += filter.latest_first ? "ORDER BY id DESC LIMIT :most" : "ORDER BY id LIMIT :most";
  return message_rows(ledger, condition, box.box, filter.after, filter.limit);
}

}  // namespace paymentctl
