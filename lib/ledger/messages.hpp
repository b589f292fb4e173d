#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/ledger.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

enum class MessageState { fetched, posted, ignored, unrecognised, quarantined, duplicate, failed };

std::string_view name_of(MessageState state);
std::optional<MessageState> message_state(std::string_view name);

/// Where a mail came from, which decides whether its sender has to be proven.
enum class MailOrigin {
  file,      ///< emlDir or import-eml: whoever may write there is trusted
  mailbox,   ///< anybody can write to it
  recovered  ///< found in the archive after a kill: as good as a mailbox until a folder offers it
};

std::string_view name_of(MailOrigin origin);

/// A mail that lies in the archive and is to be recorded.
struct FetchedMail {
  MailOrigin origin = MailOrigin::file;
  std::string sha256;       ///< of the mail's bytes
  std::string body_digest;  ///< mail_body_digest() of them
  std::string message_id;   ///< empty where there is none
  std::string uidl;         ///< of the mailbox; empty for a file
  std::string path;         ///< relative to archiveDir, with '/'
  std::string from;         ///< address, for lists
  std::string subject;      ///< decoded, for lists
  Timestamp fetched_at{};
  std::string_view raw = {};  ///< the mail's bytes, where the ledger is to keep them
};

/// SHA-256 of the bytes after the first empty line (LF or CRLF); of nothing where there is none.
/// Two mails with one Message-ID and one body digest are one mail, whatever the servers between
/// added to the head.
std::string mail_body_digest(std::string_view raw);

/// One mail as the ledger knows it.
struct MessageRow {
  std::int64_t id = 0;
  MessageState state = MessageState::fetched;
  std::string sha256;
  std::string message_id;
  std::string uidl;
  std::string path;  ///< relative to archiveDir
  std::string from;
  std::string subject;
  std::string format;
  std::string reason;
  Timestamp fetched_at{};
  int payments = 0;  ///< how many the ledger has of it
  MailOrigin origin = MailOrigin::file;
  std::string suspicion;  ///< why the mail may be a replay; empty where nothing speaks for it
  bool released = false;  ///< a person vouched for it
  std::string evidence;   ///< JSON of what proves its sender; empty where nobody looked
  bool pruned = false;    ///< its bytes were removed on request, long after it was posted

  /// Whether its sender has to be proven before anything of it is posted.
  [[nodiscard]] bool is_untrusted() const { return origin != MailOrigin::file && !released; }
};

/// What tells a mail from others.
struct MailIdentity {
  std::string sha256;
  std::string message_id;   ///< empty where there is none
  std::string body_digest;  ///< mail_body_digest()
};

/// Of each mail whether it was seen before: same bytes, or same Message-ID with the same body.
std::vector<bool> were_seen(Ledger& ledger, BoxKey box, const std::vector<MailIdentity>& mails);

struct RecordedMail {
  std::int64_t id = 0;    ///< 0 for one that is not new
  std::string suspicion;  ///< as MessageRow has it

  [[nodiscard]] bool is_new() const { return id != 0; }
};

/// Records what is new in state `fetched`, in one transaction. Two equal mails in one batch: the
/// second is not new. One that is no file and bears the Message-ID of a mail with another body gets
/// a suspicion.
std::vector<RecordedMail> record_fetched(Ledger& ledger, BoxKey box,
                                         const std::vector<FetchedMail>& mails);

/// Up to `limit` mails in state `fetched`, oldest first, with an id above `after`: the next page
/// begins after the last one's id.
std::vector<MessageRow> fetched_mails(Ledger& ledger, BoxKey box, std::int64_t after, int limit);

/// The id of the mail that was recorded last; 0 where there is none.
std::int64_t newest_mail(Ledger& ledger, BoxKey box);

/// For each archive file (relative path) whether it has a row.
std::vector<bool> are_archived(Ledger& ledger, BoxKey box, const std::vector<std::string>& paths);

std::optional<MessageRow> find_message(Ledger& ledger, BoxKey box, const std::string& sha256);
/// Only the id and the state of that mail.
std::optional<std::pair<std::int64_t, MessageState>> find_state(Ledger& ledger, BoxKey box,
                                                                const std::string& sha256);
/// The same of many mails, each by its id or by its sha256; one that is not there is left out. By
/// their ids wherever those are known: other boxes' rows are not looked at then, and so not in the
/// way.
std::map<std::string, std::pair<std::int64_t, MessageState>> find_states(
    Ledger& ledger, BoxKey box, const std::vector<std::int64_t>& ids,
    const std::vector<std::string>& sha256s);
/// By the number that lists show.
std::optional<MessageRow> find_message(Ledger& ledger, BoxKey box, std::int64_t id);

/// `failed` for a mail that could not be processed (it stays and is retried by `messages retry`),
/// `fetched` to have it processed again. Error(software), of a server perhaps only at the end of
/// the transaction, when there is no such mail.
void set_message_state(Ledger& ledger, BoxKey box, std::int64_t id, MessageState state,
                       const std::string& reason, const std::string& format, Timestamp now);

/// Sets a mail that brought no payment back to `fetched`, so that the next run judges it again, and
/// writes that into the journal. Error(data) for one whose payments are in the ledger. False when
/// it is `fetched` anyway; then nothing is changed.
bool retry_message(Ledger& ledger, BoxKey box, const MessageRow& message, const std::string& who,
                   Timestamp now);

/// A mail recovered after a kill that a folder offers again is one of the folder.
void set_origin(Ledger& ledger, BoxKey box, std::int64_t id, MailOrigin origin);

/// Mails of a folder are never quarantined: one that was judged as somebody's before its folder
/// offered it again is `fetched` once more. Returns how many.
int requeue_own_mails(Ledger& ledger, BoxKey box, Timestamp now);

/// A posted mail of the company whose signed text was this one (SenderEvidence::signed_text).
std::optional<std::int64_t> find_signed_text(Ledger& ledger, BoxKey box, const std::string& text);

/// Keeps which text of a mail was signed, for find_signed_text.
void set_signed_text(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& text);

/// Keeps what proves the sender of a mail.
void set_evidence(Ledger& ledger, BoxKey box, std::int64_t id, const std::string& evidence);

/// Their bytes are gone, on request: what the ledger kept of them goes too, in one transaction.
void set_pruned(Ledger& ledger, BoxKey box, const std::vector<std::int64_t>& ids);

/// A person vouches for a quarantined mail: it is `fetched` again, and the next run posts it
/// without a proof of its sender. Kept in the journal. Error(data) for a mail that is not
/// quarantined.
void release_message(Ledger& ledger, BoxKey box, const MessageRow& message, const std::string& who,
                     const std::string& why, Timestamp now);

/// The latest mail that was posted out of a mailbox although nobody had to prove its sender.
std::optional<std::int64_t> latest_unproven(Ledger& ledger, BoxKey box);

struct MessageFilter {
  std::vector<MessageState> states;  ///< empty: all
  std::int64_t after = 0;            ///< only ids above it
  int limit = 1000;
  bool latest_first = false;
};
/// By id, oldest first unless the filter says otherwise.
std::vector<MessageRow> list_messages(Ledger& ledger, BoxKey box, const MessageFilter& filter);

}  // namespace paymentctl
