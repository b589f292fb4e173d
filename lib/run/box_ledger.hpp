#pragma once

#include "config/box.hpp"
#include "config/secrets.hpp"
#include "ledger/ledger.hpp"

namespace paymentctl {

/// A box's ledger, opened, and the box's key in it.
struct BoxLedger {
  Ledger ledger;
  BoxKey key;
};

/// Errors: those of Ledger::open, of reading ledgerPassword and of refuse_lost_ledger().
BoxLedger open_ledger(const Box& box, LedgerAccess access);

/// The same without the box in it.
Ledger open_ledger_of(const Box& box, SecretStore& secrets, LedgerAccess access);

/// Error(data) for a file of no bytes beside an archive that holds mails: what was in it is lost,
/// and to begin anew in silence would leave documents unpaid that were paid.
void refuse_lost_ledger(const Box& box);

/// Whether a file is to be created as ledger although the archive holds mails already.
bool begins_anew(const Box& box);

/// Where the box's ledger is, for Ledger::open: on a server with the password of ledgerPassword.
/// Not to be shown.
std::string ledger_place(const Box& box, SecretStore& secrets);

}  // namespace paymentctl
