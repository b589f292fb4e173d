#include "ledger/messages.hpp"

#include <array>
#include <set>

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

/// What waits and has this Message-ID.
std::string same_id(const std::string& message_id) { return "Message-ID " + message_id; }

/// A mail with this one's Message-ID and, since it is recorded at all, another body.
std::string suspicion_of(Ledger& ledger, BoxKey box, const FetchedMail& mail) {
  if (mail.origin == MailOrigin::file || mail.message_id.empty()) return {};
  const auto other =
      ledger.database().apart_from(same_id(ledger.database().as_kept(mail.message_id)), [&] {
        return ledger.database().row<std::int64_t>(
            "SELECT id FROM message WHERE box_id = :box AND message_id = :id ORDER BY id LIMIT 1",
            box.box, mail.message_id);
      });
  if (!other) return {};
  return "mail " + std::to_string(std::get<0>(*other)) +
         " had the same Message-ID and another text, so one of the two may be forged";
}

std::int64_t insert_message(Ledger& ledger, BoxKey box, const FetchedMail& mail,
                            const std::string& packed, const std::string& suspicion) {
  const std::int64_t at = to_seconds(mail.fetched_at);
  const std::int64_t id = ledger.database().insert_numbered(
      "message",
      "INSERT INTO message (id, box_id, sha256, body_digest, message_id, uidl, path, sender, "
      "subject, origin, suspicion, state, fetched_at, changed_at) VALUES (:number, :box, :sha256, "
      ":digest, :id, :uidl, :path, :sender, :subject, :origin, :suspicion, 'fetched', :fetched, "
      ":changed)",
      box.box, mail.sha256, mail.body_digest, mail.message_id, mail.uidl, mail.path, mail.from,
      mail.subject, name_of(mail.origin), suspicion, at, at);
  ledger.database().mark(same_id(ledger.database().as_kept(mail.message_id)));
  if (!packed.empty()) keep_raw_mail(ledger, id, mail.raw.size(), packed);
  return id;
}

/// Which of some mails the ledger has.
class SeenMails {
 public:
  SeenMails(Ledger& ledger, BoxKey box, const std::vector<MailIdentity>& mails)
      : database_(ledger.database()) {
    std::vector<std::string> digests;
    std::vector<std::string> ids;
    std::vector<std::string> bodies;
    for (const MailIdentity& mail : mails) {
      digests.push_back(mail.sha256);
      if (mail.message_id.empty()) continue;
      ids.push_back(mail.message_id);
      bodies.push_back(mail.body_digest);
    }
    for (auto& [digest] : database_.rows_among<std::string>(
             "SELECT sha256 FROM message WHERE box_id = :box AND sha256 IN {list}", {digests},
             box.box)) {
      digests_.insert(std::move(digest));
    }
    for (auto& row : database_.rows_among<std::string, std::string>(
             "SELECT message_id, body_digest FROM message WHERE box_id = :box AND message_id IN "
             "{list} AND body_digest IN {list}",
             {ids, bodies}, box.box)) {
      bodies_.insert(std::move(row));
    }
  }

  [[nodiscard]] bool has(const MailIdentity& mail) const {
    return digests_.count(mail.sha256) > 0 ||
           (!mail.message_id.empty() &&
            bodies_.count({database_.as_kept(mail.message_id), mail.body_digest}) > 0);
  }
  void add(const MailIdentity& mail) {
    digests_.insert(mail.sha256);
    bodies_.insert({database_.as_kept(mail.message_id), mail.body_digest});
  }

 private:
  Database& database_;
  std::set<std::string> digests_;
  std::set<std::tuple<std::string, std::string>> bodies_;
};

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

std::vector<bool> were_seen(Ledger& ledger, BoxKey box, const std::vector<MailIdentity>& mails) {
  const SeenMails seen(ledger, box, mails);
  std::vector<bool> answers;
  for (const MailIdentity& mail : mails) answers.push_back(seen.has(mail));
  return answers;
}

std::vector<RecordedMail> record_fetched(Ledger& ledger, BoxKey box,
                                         const std::vector<FetchedMail>& mails) {
  std::vector<MailIdentity> identities;
  std::vector<std::string_view> raw;
  for (const FetchedMail& mail : mails) {
    identities.push_back({mail.sha256, mail.message_id, mail.body_digest});
    raw.push_back(mail.raw);
  }
  const std::vector<std::string> packed = packed_mails(raw);
  std::vector<RecordedMail> recorded;
  ledger.transaction([&] {
    recorded.assign(mails.size(), {});
    ledger.database().reserve("message", mails.size());
    SeenMails seen(ledger, box, identities);
    for (std::size_t i = 0; i < mails.size(); ++i) {
      if (seen.has(identities[i])) continue;
      seen.add(identities[i]);
      recorded[i].suspicion = suspicion_of(ledger, box, mails[i]);
      recorded[i].id = insert_message(ledger, box, mails[i], packed[i], recorded[i].suspicion);
    }
  });
  return recorded;
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

std::vector<bool> are_archived(Ledger& ledger, BoxKey box, const std::vector<std::string>& paths) {
  Database& database = ledger.database();
  std::set<std::string> known;
  for (auto& [path] : database.rows_among<std::string>(
           "SELECT path FROM message WHERE box_id = :box AND path IN {list}", {paths}, box.box)) {
    known.insert(std::move(path));
  }
  std::vector<bool> answers;
  for (const std::string& path : paths) answers.push_back(known.contains(database.as_kept(path)));
  return answers;
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

std::map<std::string, std::pair<std::int64_t, MessageState>> find_states(
    Ledger& ledger, BoxKey box, const std::vector<std::int64_t>& ids,
    const std::vector<std::string>& sha256s) {
  std::map<std::string, std::pair<std::int64_t, MessageState>> found;
  const auto find = [&](const std::string& column, const std::vector<std::string>& values) {
    for (auto& [sha256, id, state] :
         ledger.database().rows_among<std::string, std::int64_t, std::string>(
             "SELECT sha256, id, state FROM message WHERE box_id = :box AND " + column +
                 " IN {list}",
             {values}, box.box)) {
      found.emplace(std::move(sha256),
                    std::pair(id, message_state(state).value_or(MessageState::failed)));
    }
  };
  std::vector<std::string> numbers;
  for (const std::int64_t id : ids) numbers.push_back(std::to_string(id));
  find("id", numbers);
  find("sha256", sha256s);
  return found;
}

std::optional<MessageRow> find_message(Ledger& ledger, BoxKey box, std::int64_t id) {
  return first_of(message_rows(ledger, "WHERE box_id = :box AND id = :id", box.box, id));
}

void set_message_state(Ledger& ledger, BoxKey box, std::int64_t id, MessageState state,
                       const std::string& reason, const std::string& format, Timestamp now) {
  ledger.database().update_later(
      "UPDATE message SET state = :state, reason = :reason, format = :format, "
      "changed_at = :now WHERE box_id = :box AND id",
      id, name_of(state), reason, format, to_seconds(now), box.box);
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
  // It does not change with the state, which may wait.
  const auto row = ledger.database().apart_from("", [&] {
    return ledger.database().row<std::int64_t>(
        "SELECT message.id FROM box JOIN message ON message.box_id = box.id WHERE box.company_id = "
        ":company AND signed_text = :text AND signed_text <> '' ORDER BY message.id LIMIT 1",
        box.company, text);
  });
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

void set_signed_text(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& text) {
  ledger.database().apart_from("", [&] {
    ledger.database().run("UPDATE message SET signed_text = :text WHERE box_id = :box AND id = :id",
                          text, box.box, id);
  });
}

void set_evidence(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& evidence) {
  ledger.database().change_later(
      "evidence of message " + std::to_string(id),
      "UPDATE message SET evidence = :evidence WHERE box_id = :box AND id = :id",
      "UPDATE message SET evidence = part.column1 FROM (VALUES (CAST(:evidence AS TEXT), CAST(:box "
      "AS BIGINT), CAST(:id AS BIGINT))) AS part WHERE message.box_id = part.column2 AND "
      "message.id "
      "= part.column3",
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
