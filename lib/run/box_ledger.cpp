#include "run/box_ledger.hpp"

#include <fmt/format.h>

#include "model/error.hpp"
#include "platform/files.hpp"

namespace paymentctl {

BoxLedger open_ledger(const Box& box, LedgerAccess access) {
  if (box.ledger_is_url()) {
    throw Error(
        ExitCode::config,
        fmt::format("{}: ledger is a URL, and a ledger on a server has no effect yet; name a "
                    "file, or leave the key out for paymentctl.db",
                    display(box.file)));
  }
  Ledger ledger = Ledger::open(box.ledger, access);
  const BoxKey key = ledger.box(box.company, box.name);
  return {std::move(ledger), key};
}

}  // namespace paymentctl
