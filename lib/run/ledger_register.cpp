#include "run/ledger_register.hpp"

#include "ledger/messages.hpp"

namespace paymentctl {

std::vector<bool> LedgerRegister::known(const std::vector<MailRecord>& mails) {
  std::vector<bool> answers;
  side_.ledger.reading([&] {
    for (const MailRecord& mail : mails) {
      answers.push_back(was_seen(side_.ledger, side_.session.key, mail.sha256, mail.message_id,
                                 mail.body_sha256));
    }
  });
  return answers;
}

std::vector<bool> LedgerRegister::recorded(const std::vector<std::string>& paths) {
  std::vector<bool> answers;
  side_.ledger.reading([&] {
    for (const std::string& path : paths) {
      answers.push_back(knows_archive_path(side_.ledger, side_.session.key, path));
    }
  });
  return answers;
}

void LedgerRegister::record(const std::vector<MailRecord>& mails) {
  std::vector<FetchedMail> rows;
  for (const MailRecord& mail : mails) {
    FetchedMail row;
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
  const std::vector<bool> is_new = record_fetched(side_.ledger, side_.session.key, rows);
  if (side_.judging == nullptr) return;
  std::vector<ArchivedMail> archived;
  for (std::size_t i = 0; i < mails.size(); ++i) {
    if (is_new[i]) archived.push_back({mails[i].path, mails[i].sha256, mails[i].bytes});
  }
  side_.judging->put(std::move(archived));
}

}  // namespace paymentctl
