#include "run/ledger_register.hpp"

#include <algorithm>
#include <fstream>

#include "ledger/messages.hpp"

namespace paymentctl {
namespace {

/// Sender and subject stand in the head of a mail; more than this of it is not looked at.
constexpr std::size_t head_size = 32u << 10;

std::string head_of(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  std::string head(head_size, '\0');
  input.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(input.gcount(), 0)));
  const auto end = std::min(head.find("\n\n"), head.find("\n\r\n"));
  if (end != std::string::npos) head.resize(end + 1);
  return head;
}

}  // namespace

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
    Message head = decode_mail(head_of(session_.archived(mail.path)));
    row.from = std::move(head.from_address);
    row.subject = std::move(head.subject);
    row.fetched_at = session_.clock.now();
    rows.push_back(std::move(row));
  }
  record_fetched(session_.ledger, session_.key, rows);
}

}  // namespace paymentctl
