#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/ledger.hpp"

namespace paymentctl {

/// The mails themselves, in a ledger that several machines share: the one that fetched a mail may
/// be gone before it is posted.

/// Keeps the bytes of a recorded mail. Belongs within the transaction that records it.
void keep_raw_mail(Ledger& ledger, BoxKey box, const std::string& sha256, std::string_view bytes);

/// The bytes of a mail, which were kept and are still those with its digest; else nullopt.
std::optional<std::string> raw_mail(Ledger& ledger, BoxKey box, std::int64_t message);

}  // namespace paymentctl
