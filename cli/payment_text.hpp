#pragma once

#include <filesystem>

#include "cli.hpp"
#include "ledger/payments.hpp"

namespace paymentctl::cli {

/// One payment with its allocations, candidates, reasons and journal: as text for a person in the
/// format table, else as an object. Error(data) when there is none with that number.
void print_payment(Session& session, Ledger& ledger, BoxKey box,
                   const std::filesystem::path& archive, std::int64_t id);

/// The object: the payment as lists have it, its candidates whole, its journal.
Json payment_object(Ledger& ledger, BoxKey box, const std::filesystem::path& archive,
                    const PaymentRow& row);

/// The same as text, from the object.
std::string payment_text(const Json& payment);

}  // namespace paymentctl::cli
