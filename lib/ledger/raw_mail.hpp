#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.hpp"

namespace paymentctl {

/// The mails themselves, in a ledger that several machines share: the one that fetched a mail may
/// be gone before it is posted.

/// Mails as the ledger keeps them: deflated, in base64.
std::vector<std::string> packed_mails(const std::vector<std::string_view>& mails);

/// Keeps a mail of so many bytes, packed, for the message with that id. Belongs within the
/// transaction that records it.
void keep_raw_mail(Ledger& ledger, std::int64_t message, std::size_t size,
                   const std::string& packed);

/// The bytes of a mail, which were kept and are still those with its digest; else nullopt.
std::optional<std::string> raw_mail(Ledger& ledger, BoxKey box, std::int64_t message);

}  // namespace paymentctl
