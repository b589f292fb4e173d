#include "fetch/mail_register.hpp"

#include <unordered_set>

namespace paymentctl {

std::vector<bool> seen_before(MailRegister& known, const std::vector<MailRecord>& mails) {
  std::vector<bool> seen = known.known(mails);
  seen.resize(mails.size(), false);
  std::unordered_set<std::string> identities;
  for (std::size_t i = 0; i < mails.size(); ++i) {
    if (seen[i]) continue;
    const bool same_bytes = !identities.insert(mails[i].sha256).second;
    const bool same_mail =
        !mails[i].message_id.empty() &&
        !identities.insert(mails[i].body_sha256 + ' ' + mails[i].message_id).second;
    seen[i] = same_bytes || same_mail;
  }
  return seen;
}

}  // namespace paymentctl
