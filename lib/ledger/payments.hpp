#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/ledger.hpp"
#include "model/match_result.hpp"
#include "model/payment.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

/// The results of matching, and what else can become of a payment.
enum class PaymentStatus {
  paid,
  partially_paid,
  overpaid,
  ambiguous,
  unmatched,
  ignored,     ///< by a person
  duplicate,   ///< the same movement told twice
  superseded,  ///< a statement took it over
};

std::string_view name_of(PaymentStatus status);
std::optional<PaymentStatus> payment_status(std::string_view name);
PaymentStatus status_of(MatchStatus status);

/// An allocation as the ledger has it, with what became of the document.
struct PostedAllocation {
  Allocation allocation;
  DocumentStatus document_status = DocumentStatus::open;
};

struct PaymentRow {
  std::int64_t id = 0;
  Payment payment;  ///< its source is the first mail that told of it; path relative to archiveDir
  PaymentStatus status = PaymentStatus::unmatched;
  std::optional<MatchRule> rule;
  std::vector<PostedAllocation> allocations;
  std::vector<DocumentRef> candidates;
  Amount unallocated;
  std::string why;
  std::int64_t duplicate_of = 0;         ///< id of the payment that it tells again, or 0
  std::vector<std::int64_t> duplicates;  ///< ids of payments that tell this one again
  bool told_by_notice = true;
  bool told_by_statement = false;
};

struct PaymentFilter {
  std::vector<PaymentStatus> statuses;  ///< empty: all
  std::int64_t after = 0;               ///< only ids above it
  int limit = 1000;
  std::optional<Date> from = {};  ///< booked on that day or later
  std::optional<Date> to = {};    ///< booked on that day or before
};
/// By id, oldest first.
std::vector<PaymentRow> list_payments(Ledger& ledger, BoxKey box, const PaymentFilter& filter);
/// All of them, however many, in pages of `limit`.
void each_payment(Ledger& ledger, BoxKey box, PaymentFilter filter,
                  const std::function<void(const PaymentRow&)>& take);
std::optional<PaymentRow> find_payment(Ledger& ledger, BoxKey box, std::int64_t id);

/// The payments that settle a document and how much of it, oldest first.
std::vector<std::pair<std::int64_t, Amount>> payments_of_document(Ledger& ledger,
                                                                  std::int64_t document);

/// The payments that the ledger has of one mail, in the order of the mail.
std::vector<PaymentRow> payments_of_message(Ledger& ledger, BoxKey box, std::int64_t message);

}  // namespace paymentctl
