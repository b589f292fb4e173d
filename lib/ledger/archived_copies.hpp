#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/messages.hpp"

namespace paymentctl {

/// Where the archive holds the bytes of a mail.
struct ArchivedAt {
  std::string path;    ///< relative to archiveDir
  std::string sha256;  ///< of the archived bytes, which may have another head than the mail in hand
};

/// Of each mail that was seen before (as were_seen() has it) where its bytes should lie. Nullopt of
/// one that was not seen, was pruned, or is kept in the ledger itself.
std::vector<std::optional<ArchivedAt>> archived_copies(Ledger& ledger, BoxKey box,
                                                       const std::vector<MailIdentity>& mails);

}  // namespace paymentctl
