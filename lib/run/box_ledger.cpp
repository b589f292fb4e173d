#include "run/box_ledger.hpp"

#include "ledger/server_url.hpp"

namespace paymentctl {

std::string ledger_place(const Box& box, SecretStore& secrets) {
  if (!box.ledger_is_url()) return box.ledger;
  const auto password = find_secret("ledgerPassword", box.ledger_password, secrets);
  return url_with_password(box.ledger, password ? password->reveal() : "");
}

BoxLedger open_ledger(const Box& box, LedgerAccess access) {
  Ledger ledger = Ledger::open(ledger_place(box, *system_secrets()), access);
  const BoxKey key = ledger.box(box.company, box.name);
  return {std::move(ledger), key};
}

}  // namespace paymentctl
