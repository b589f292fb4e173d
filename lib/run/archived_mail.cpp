#include "run/archived_mail.hpp"

#include "fetch/archive.hpp"
#include "ledger/raw_mail.hpp"
#include "platform/files.hpp"

namespace paymentctl {

void restore_archived(BoxSession& session, const MessageRow& mail) {
  const std::filesystem::path file = session.archived(mail.path);
  if (look_at(file)) return;
  const auto bytes = raw_mail(session.ledger, session.key, mail.id);
  if (!bytes) return;
  put_into_archive(file, *bytes);
}

}  // namespace paymentctl
