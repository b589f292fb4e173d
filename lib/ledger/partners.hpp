#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.hpp"
#include "model/account_number.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

/// An account that a person's assignment has shown to be a partner's.
struct LearnedAccount {
  std::string account;
  std::string partner;  ///< Partner::key()
  Timestamp learned_at{};
  /// The account is known of other partners as well, from documents or learned, so the rules do not
  /// decide by it.
  bool shared = false;
};

/// By account and partner.
std::vector<LearnedAccount> learned_accounts(Ledger& ledger, BoxKey box);

/// The next two belong within Ledger::transaction().

void learn_account(Ledger& ledger, BoxKey box, const AccountNumber& account,
                   const std::string& partner, Timestamp now);

/// Forgets what an assignment taught that was taken back, unless a payment from the account that a
/// person assigned still settles a document of this partner.
void unlearn_account(Ledger& ledger, BoxKey box, const AccountNumber& account,
                     const std::string& partner);

/// Forgets the account, of one partner or, where `partner` is empty, of all; how many were known.
std::int64_t forget_account(Ledger& ledger, BoxKey box, const AccountNumber& account,
                            const std::string& partner);

}  // namespace paymentctl
