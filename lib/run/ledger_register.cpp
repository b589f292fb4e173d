#include "run/ledger_register.hpp"

#include "ledger/messages.hpp"

namespace paymentctl {

std::vector<bool> LedgerRegister::known(const std::vector<MailRecord>& mails) {
  std::vector<bool> answers;
  for (const MailRecord& mail : mails) {
    answers.push_back(
        find_seen(session_.ledger, session_.key, mail.sha256, mail.message_id, mail.body_sha256)
            .has_value());
  }
  return answers;
}

std::vector<bool> LedgerRegister::recorded(const std::vector<std::string>& paths) {
  std::vector<bool> answers;
  for (const std::string& path : paths) {
    answers.push_back(knows_archive_path(session_.ledger, session_.key, path));
  }
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
    row.fetched_at = session_.clock.now();
    rows.push_back(std::move(row));
  }
  record_fetched(session_.ledger, session_.key, rows);
}

}  // namespace paymentctl
