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

/// Errors: those of Ledger::open and of reading ledgerPassword.
BoxLedger open_ledger(const Box& box, LedgerAccess access);

/// Where the box's ledger is, for Ledger::open: on a server with the password of ledgerPassword.
/// Not to be shown.
std::string ledger_place(const Box& box, SecretStore& secrets);

}  // namespace paymentctl
