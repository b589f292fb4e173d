#pragma once

#include <filesystem>
#include <vector>

#include "ledger/messages.hpp"
#include "ledger/payments.hpp"
#include "ledger/status.hpp"
#include "model/json.hpp"

namespace paymentctl {

/// The objects that lists print (interface, "Documents"). Archive paths become absolute.
Json listed(const PaymentRow& row, const std::filesystem::path& archive);
Json listed(const MessageRow& row, const std::filesystem::path& archive);

/// For `show`: who did what, when and why.
Json listed(const std::vector<JournalEntry>& journal);

/// "2026-08-24T10:15:00Z"
std::string utc_text(Timestamp moment);

}  // namespace paymentctl
