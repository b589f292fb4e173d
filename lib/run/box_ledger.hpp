#pragma once

#include "config/box.hpp"
#include "ledger/ledger.hpp"

namespace paymentctl {

/// A box's ledger, opened, and the box's key in it.
struct BoxLedger {
  Ledger ledger;
  BoxKey key;
};

/// Errors: those of Ledger::open; a URL is Error(config), since this program reads SQLite files.
BoxLedger open_ledger(const Box& box, LedgerAccess access);

}  // namespace paymentctl
