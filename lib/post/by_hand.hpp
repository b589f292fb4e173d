#pragma once

#include <optional>
#include <string>
#include <vector>

#include "post/post.hpp"

namespace paymentctl {

/// What a person decides, each in one transaction: all of it or nothing. PostSettings say who
/// decides and when, and write the notifications; the journal keeps who, when, what and why.
/// Whatever cannot be done as said is Error(data) and changes nothing.

/// A document as a person names it.
struct DocumentName {
  std::string number;
  std::optional<DocumentKind> kind;  ///< where several have the number
  std::string partner;               ///< id or name, where several partners have used the number
};

struct Share {
  DocumentName document;
  std::optional<Amount> amount;  ///< absent: what the document owes, at most what is left
};

/// Settles documents by what is left of a payment: of its side and currency, each by no more than
/// it owes. Teaches whose the counter-account is.
PaymentRow assign_payment(Ledger& ledger, const PostSettings& settings, std::int64_t payment,
                          const std::vector<Share>& shares, const std::string& why);

/// Takes one document, or all, off a payment and restores payment, document and what was learned.
/// A notification that was not sent is withdrawn, one that was sent is corrected. The rules will
/// not put the document back. An ignored payment waits again.
PaymentRow unassign_payment(Ledger& ledger, const PostSettings& settings, std::int64_t payment,
                            const std::optional<DocumentName>& document, const std::string& why);

/// A payment that settles nothing and need not: a fee, a private purchase.
PaymentRow ignore_payment(Ledger& ledger, const PostSettings& settings, std::int64_t payment,
                          const std::string& why);

/// A document of which nothing is paid is no longer owed.
DocumentRow cancel_document(Ledger& ledger, const PostSettings& settings, const DocumentName& name,
                            const std::string& why);

/// "document:issued_invoice:130100024", the document's subject in the journal.
std::string journal_subject(const Document& document);

}  // namespace paymentctl
