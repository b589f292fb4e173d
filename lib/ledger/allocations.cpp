#include "ledger/allocations.hpp"

#include "ledger/document_row.hpp"
#include "model/names.hpp"

namespace paymentctl {

std::vector<AllocationRow> allocations_of(Ledger& ledger, std::int64_t payment) {
  std::vector<AllocationRow> found;
  for (const auto& [document, amount, position, pairing] :
       ledger.database().rows<std::int64_t, std::int64_t, int, std::int64_t>(
           "SELECT document_id, amount, position, pairing FROM allocation WHERE "
           "payment_id = :payment ORDER BY position, document_id",
           payment)) {
    auto rows = select_documents(ledger.database(), "WHERE id = :id", document);
    found.push_back({std::move(rows.at(0)), Amount::from_minor(amount), position, pairing});
  }
  return found;
}

Document release(Ledger& ledger, std::int64_t payment, const AllocationRow& allocation) {
  Document after = allocation.document.document;
  after.paid -= allocation.amount;
  after.outstanding = after.amount - after.paid;
  after.status = after.paid.is_zero() ? DocumentStatus::open : DocumentStatus::partially_paid;
  Database& database = ledger.database();
  const auto changed = database.run(
      "UPDATE document SET paid = :paid, outstanding = :rest, written_off = 0, status = :status "
      "WHERE id = :id AND paid = :before",
      after.paid.minor(), after.outstanding.minor(), name_of(after.status), allocation.document.id,
      allocation.document.document.paid.minor());
  const auto removed =
      database.run("DELETE FROM allocation WHERE payment_id = :payment AND document_id = :document",
                   payment, allocation.document.id);
  if (changed != 1 || removed != 1) {
    throw Error(ExitCode::software, after.number + " changed while a payment was taken off it");
  }
  return after;
}

void renumber_pairing(Ledger& ledger, std::int64_t payment, std::int64_t from, std::int64_t to) {
  ledger.database().run(
      "UPDATE allocation SET pairing = :to WHERE payment_id = :payment AND pairing = :from", to,
      payment, from);
}

void forbid_match(Ledger& ledger, std::int64_t payment, std::int64_t document) {
  ledger.database().run(
      "INSERT INTO taken_off (payment_id, document_id) VALUES (:payment, :document) "
      "ON CONFLICT (payment_id, document_id) DO NOTHING",
      payment, document);
}

void allow_match(Ledger& ledger, std::int64_t payment, std::int64_t document) {
  ledger.database().run(
      "DELETE FROM taken_off WHERE payment_id = :payment AND document_id = :document", payment,
      document);
}

bool is_forbidden_match(Ledger& ledger, std::int64_t payment, const DocumentRow& document) {
  return ledger.database()
      .row<std::int64_t>(
          "SELECT 1 FROM taken_off WHERE payment_id = :payment AND document_id = :document",
          payment, document.id)
      .has_value();
}

void raise_revision(Ledger& ledger, BoxKey box) {
  ledger.database().run("UPDATE company SET revision = revision + 1 WHERE id = :company",
                        box.company);
}

Document cancel(Ledger& ledger, const DocumentRow& document) {
  Document after = document.document;
  after.outstanding = Amount();
  after.status = DocumentStatus::cancelled;
  const auto changed = ledger.database().run(
      "UPDATE document SET outstanding = 0, written_off = 0, status = 'cancelled' WHERE id = :id "
      "AND paid = 0",
      document.id);
  if (changed != 1) {
    throw Error(ExitCode::data, after.number + " cannot be cancelled: " + after.paid.decimal() +
                                    " " + std::string(after.currency.code()) +
                                    " of it is paid; take the payments off it first, with: "
                                    "paymentctl payments unassign");
  }
  return after;
}

std::optional<BoxOutboxEntry> outbox_of_company(Ledger& ledger, BoxKey box,
                                                const std::string& cause) {
  const auto row = ledger.database().row<std::int64_t, std::int64_t, std::string>(
      "SELECT box_id, outbox.id, state FROM outbox JOIN box ON box.id = outbox.box_id WHERE "
      "company_id = :company AND cause = :cause ORDER BY outbox.id LIMIT 1",
      box.company, cause);
  if (!row) return std::nullopt;
  const auto& [owner, id, state] = *row;
  BoxOutboxEntry entry{{box.company, owner}, id, OutboxState::waiting};
  for (const OutboxState each : {OutboxState::sent, OutboxState::withdrawn, OutboxState::refused}) {
    if (name_of(each) == state) entry.state = each;
  }
  return entry;
}

}  // namespace paymentctl
