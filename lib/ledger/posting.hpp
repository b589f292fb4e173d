#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/documents.hpp"
#include "ledger/payments.hpp"

namespace paymentctl {

/// What post/ writes; every function belongs within Ledger::transaction().

/// What matching or the search for duplicates found out about a payment.
struct PaymentOutcome {
  PaymentStatus status = PaymentStatus::unmatched;
  std::optional<MatchRule> rule;
  Amount unallocated;
  std::string why;
  std::vector<DocumentRef> candidates;
  std::int64_t duplicate_of = 0;  ///< 0: none
  /// The rules were not all asked: settle_waiting() is to ask them even when nothing new has come.
  bool deferred = false;
  /// Of a new row: its documents are settled in the same transaction, which is its first pairing.
  bool pairs = false;
};

/// These payments are to be posted in this transaction: a server is asked once what it would be
/// asked of each of them.
void expect_payments(Ledger& ledger, BoxKey box, const std::vector<const Payment*>& payments);

/// A new row with its source in the mail `message`; its id.
std::int64_t insert_payment(Ledger& ledger, BoxKey box, std::int64_t message,
                            const Payment& payment, const PaymentOutcome& outcome, Timestamp now);

/// A new outcome for a payment without allocations. Its candidates are replaced.
void update_outcome(Ledger& ledger, BoxKey box, std::int64_t payment,
                    const PaymentOutcome& outcome);

/// The rules were asked and found what they had found before, candidates included.
void mark_tried(Ledger& ledger, BoxKey box, std::int64_t payment);

/// Takes over from another telling of the movement what this one does not have: symbols,
/// counter-account and its name, message, reference, balance.
void complete_payment(Ledger& ledger, std::int64_t payment, const Payment& other);

/// Settles `part` of a document. A rest of at most `tolerance` is written off. Answers the document
/// afterwards; Error(software) when less than `part` is outstanding. `pairing` is that of the
/// notification which tells of it.
Document allocate(Ledger& ledger, std::int64_t payment, std::int64_t pairing, int position,
                  const DocumentRow& document, Amount part, Amount tolerance);

/// Counts a pairing of the payment: 1 for the first.
std::int64_t count_pairing(Ledger& ledger, std::int64_t payment);

/// What expect_payments() asks of similar_payments.
inline constexpr int most_days_apart = 60;

/// Payments that may be the same movement as another: same own account, direction, amount and
/// currency, booked within `days`; duplicates and superseded ones left out, and those with another
/// variable symbol (of a card payment that is none) and another bank reference. Oldest first,
/// without allocations, candidates and duplicates.
std::vector<PaymentRow> similar_payments(Ledger& ledger, BoxKey box, const Payment& payment,
                                         int days);

/// Of the movements that similar_payments() would compare those on other days with the same balance
/// afterwards, whatever their symbols.
std::vector<PaymentRow> equal_on_other_days(Ledger& ledger, BoxKey box, const Payment& payment,
                                            int days);

/// Whether the company has boxes besides this one.
bool has_other_boxes(Ledger& ledger, BoxKey box);

/// By mail and place in it, from 0, the payment that it told of.
using ToldPayments = std::map<std::int64_t, std::map<int, std::int64_t>>;

/// What those of these mails told that came to another box of the company, too, and were posted
/// there: the same mail by Message-ID and body, or without a Message-ID by its SHA-256. Of a
/// duplicate its original. What became of the payment since does not matter.
ToldPayments told_in_other_boxes(Ledger& ledger, BoxKey box,
                                 const std::vector<std::int64_t>& messages);

/// Formats of the notices that told of the payment so far, its duplicates' included.
std::vector<std::string> formats_of_notices(Ledger& ledger, std::int64_t payment);

/// Up to `limit` payments with that status for which the rules were last asked before `revision`,
/// without allocations and duplicates.
std::vector<PaymentRow> waiting_payments(Ledger& ledger, BoxKey box, PaymentStatus status,
                                         std::int64_t revision, int limit);

/// Grows whenever documents came or changed.
std::int64_t company_revision(Ledger& ledger, BoxKey box);

}  // namespace paymentctl
