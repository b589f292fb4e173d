#include "run/ledger_register.hpp"

#include "ledger/archived_copies.hpp"
#include "ledger/messages.hpp"
#include "platform/files.hpp"

namespace paymentctl {

namespace {

std::vector<MailIdentity> identities_of(const std::vector<MailRecord>& mails) {
  std::vector<MailIdentity> identities;
  for (const MailRecord& mail : mails) {
    identities.push_back({mail.sha256, mail.message_id, mail.body_sha256});
  }
  return identities;
}

}  // namespace

std::vector<bool> LedgerRegister::known(const std::vector<MailRecord>& mails) {
  const std::vector<MailIdentity> identities = identities_of(mails);
  std::vector<bool> answers;
  side_.ledger.reading([&] { answers = were_seen(side_.ledger, side_.session.key, identities); });
  for (std::size_t i = 0; i < mails.size() && origin_ == MailOrigin::file; ++i) {
    if (answers[i] && side_.session.box.pop3) own(mails[i]);
  }
  return answers;
}

/// What a kill left in the archive turns out to be a file that is still in its folder: what was
/// thought of it as somebody's mail is thought again.
void LedgerRegister::own(const MailRecord& mail) {
  const BoxKey box = side_.session.key;
  const auto row = find_message(side_.ledger, box, mail.sha256);
  if (!row || row->origin != MailOrigin::recovered) return;
  side_.ledger.transaction([&] {
    set_origin(side_.ledger, box, row->id, MailOrigin::file);
    if (row->state == MessageState::quarantined) {
      set_message_state(side_.ledger, box, row->id, MessageState::fetched, "", "",
                        side_.session.clock.now());
    }
  });
}

std::vector<std::optional<RecordedCopy>> LedgerRegister::copies(
    const std::vector<MailRecord>& mails) {
  std::vector<std::optional<RecordedCopy>> answers(mails.size());
  side_.ledger.reading([&] {
    auto copies = archived_copies(side_.ledger, side_.session.key, identities_of(mails));
    for (std::size_t i = 0; i < copies.size(); ++i) {
      if (copies[i]) answers[i] = {std::move(copies[i]->path), std::move(copies[i]->sha256)};
    }
  });
  return answers;
}

std::vector<bool> LedgerRegister::recorded(const std::vector<std::string>& paths) {
  std::vector<bool> answers;
  side_.ledger.reading([&] { answers = are_archived(side_.ledger, side_.session.key, paths); });
  return answers;
}

void LedgerRegister::record(const std::vector<MailRecord>& mails) {
  std::vector<FetchedMail> rows;
  for (const MailRecord& mail : mails) {
    FetchedMail row;
    row.origin = origin_;
    row.sha256 = mail.sha256;
    row.body_digest = mail.body_sha256;
    row.message_id = mail.message_id;
    row.uidl = mail.uidl;
    row.path = mail.path;
    Message head = decode_mail(mail.header);
    row.from = std::move(head.from_address);
    row.subject = std::move(head.subject);
    row.fetched_at = side_.session.clock.now();
    rows.push_back(std::move(row));
  }
  // A worker on another machine may have to go on with them.
  std::vector<std::string> spooled;
  if (side_.session.box.ledger_is_url()) {
    spooled.reserve(mails.size());
    for (std::size_t i = 0; i < mails.size(); ++i) {
      rows[i].raw = mails[i].bytes;
      if (!mails[i].bytes.empty() || mails[i].size == 0) continue;
      spooled.push_back(read_file(side_.session.archived(mails[i].path), mails[i].size));
      rows[i].raw = spooled.back();
    }
  }
  std::vector<RecordedMail> recorded = record_fetched(side_.ledger, side_.session.key, rows);
  if (side_.judging == nullptr) return;
  std::vector<ArchivedMail> archived;
  for (std::size_t i = 0; i < mails.size(); ++i) {
    if (!recorded[i].is_new()) continue;
    archived.push_back(
        {mails[i].path, mails[i].sha256, mails[i].bytes, std::nullopt, recorded[i].id});
    if (origin_ == MailOrigin::file) continue;
    archived.back().to_prove = MailFacts{std::move(recorded[i].suspicion), rows[i].fetched_at};
  }
  side_.judging->put(std::move(archived));
}

}  // namespace paymentctl
