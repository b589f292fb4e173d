#pragma once

#include "post/by_hand.hpp"

namespace paymentctl {

/// The only document that a person can mean; for a payment, of the side that it settles, and of
/// several one that is still owed. None or several: Error(data) that says which there are.
DocumentRow named_document(Ledger& ledger, BoxKey box, const DocumentName& name,
                           const Payment* payment);

}  // namespace paymentctl
