#include "post/notification.hpp"

#include <fmt/format.h>

namespace paymentctl {
namespace {

void put(Ledger& ledger, const PostSettings& settings, BoxKey box, OutboxKind kind,
         std::string cause, const NotificationText& text) {
  OutboxEntry entry;
  entry.kind = kind;
  entry.cause = std::move(cause);
  entry.subject = text.subject;
  entry.text = text.text;
  entry.message_id = text.message_id;
  entry.written_at = settings.now;
  entry.next_try = settings.now;
  put_outbox(ledger, box, entry);
}

}  // namespace

std::string cause_of_pairing(std::int64_t payment, std::int64_t pairing) {
  return fmt::format("payment:{}:paired:{}", payment, pairing);
}

void write_notification(Ledger& ledger, const PostSettings& settings, BoxKey box,
                        const Settlement& settlement, std::int64_t pairing) {
  if (!settings.notification) return;
  if (const auto text = settings.notification(settlement)) {
    put(ledger, settings, box, OutboxKind::payment,
        cause_of_pairing(settlement.payment_id, pairing), *text);
  }
}

void write_correction(Ledger& ledger, const PostSettings& settings, BoxKey box,
                      const Correction& correction, std::int64_t pairing) {
  if (!settings.correction) return;
  if (const auto text = settings.correction(correction)) {
    put(ledger, settings, box, OutboxKind::correction,
        fmt::format("payment:{}:corrected:{}", correction.payment_id, pairing), *text);
  }
}

}  // namespace paymentctl
