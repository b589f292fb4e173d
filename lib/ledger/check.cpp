#include <array>
#include <string>

#include "ledger/database.hpp"
#include "ledger/status.hpp"

namespace paymentctl {
namespace {

/// A query whose rows are names of what breaks a guarantee, and the sentence about such a row.
struct Guarantee {
  std::string_view broken;
  std::string_view sentence;
};

// Each takes the company, then the largest number of rows.
constexpr std::array guarantees = {
    Guarantee{"SELECT number FROM document WHERE company_id = :company AND paid <> (SELECT "
              "COALESCE(SUM(allocation.amount), 0) FROM allocation WHERE allocation.document_id = "
              "document.id) LIMIT :most",
              "is not paid by the sum of its allocations"},
    Guarantee{"SELECT number FROM document WHERE company_id = :company AND paid > amount "
              "LIMIT :most",
              "has more allocated than it owes"},
    Guarantee{"SELECT number FROM document WHERE company_id = :company AND NOT ((status = 'open' "
              "AND paid = 0 AND outstanding > 0 AND written_off = 0) OR (status = 'partially_paid' "
              "AND paid > 0 AND outstanding > 0 AND written_off = 0) OR (status = 'paid' AND "
              "outstanding = 0 AND paid > 0) OR "
              "(status = 'cancelled' AND outstanding = 0)) LIMIT :most",
              "has a status that its amounts contradict"},
    Guarantee{"SELECT number FROM document WHERE company_id = :company AND status <> 'cancelled' "
              "AND amount <> paid + written_off + outstanding LIMIT :most",
              "has an outstanding amount that is not what is left"},
    Guarantee{"SELECT CAST(id AS VARCHAR(20)) FROM payment WHERE company_id = :company AND status "
              "NOT IN ('duplicate', 'superseded') AND amount <> unallocated + (SELECT "
              "COALESCE(SUM(allocation.amount), 0) FROM allocation WHERE allocation.payment_id = "
              "payment.id) LIMIT :most",
              "(payment): allocated and unallocated are not its amount"},
    Guarantee{"SELECT CAST(id AS VARCHAR(20)) FROM payment WHERE company_id = :company AND status "
              "IN ('unmatched', 'ambiguous', 'ignored', 'duplicate', 'superseded') AND EXISTS "
              "(SELECT 1 FROM allocation WHERE allocation.payment_id = payment.id) LIMIT :most",
              "(payment): it has allocations, and its status says none"},
    Guarantee{"SELECT CAST(id AS VARCHAR(20)) FROM payment WHERE company_id = :company AND status "
              "IN ('paid', 'partially_paid', 'overpaid') AND NOT EXISTS (SELECT 1 FROM allocation "
              "WHERE allocation.payment_id = payment.id) LIMIT :most",
              "(payment): its status says that it settled something, and it did not"},
    Guarantee{"SELECT CAST(id AS VARCHAR(20)) FROM payment WHERE company_id = :company AND status "
              "NOT IN ('paid', 'partially_paid', 'overpaid', 'unmatched', 'ambiguous', 'ignored', "
              "'duplicate', 'superseded') LIMIT :most",
              "(payment): its status is none, so no list shows it"},
    Guarantee{"SELECT CAST(payment.id AS VARCHAR(20)) FROM payment WHERE company_id = :company AND "
              "(status = 'duplicate') <> (duplicate_of IS NOT NULL) LIMIT :most",
              "(payment): it is a duplicate of nothing, or names an original without being one"},
    Guarantee{"SELECT CAST(payment.id AS VARCHAR(20)) FROM payment WHERE company_id = :company AND "
              "NOT EXISTS (SELECT 1 FROM payment_source WHERE payment_source.payment_id = "
              "payment.id) LIMIT :most",
              "(payment): nothing says where it came from"},
    Guarantee{"SELECT document.number FROM allocation JOIN document ON document.id = "
              "allocation.document_id JOIN payment ON payment.id = allocation.payment_id WHERE "
              "document.company_id = :company AND (payment.company_id <> document.company_id OR "
              "payment.currency <> document.currency OR payment.direction <> document.side) "
              "LIMIT :most",
              "is settled by a payment of another company, currency or side"},
    Guarantee{"SELECT message.path FROM message JOIN box ON box.id = message.box_id WHERE "
              "box.company_id = :company AND state IN ('fetched', 'ignored', 'unrecognised', "
              "'quarantined', 'failed') AND EXISTS (SELECT 1 FROM payment_source WHERE "
              "payment_source.message_id = message.id) LIMIT :most",
              "(mail) has payments, and its state says none"},
    Guarantee{"SELECT message.path FROM message JOIN box ON box.id = message.box_id WHERE "
              "box.company_id = :company AND state IN ('posted', 'duplicate') AND NOT EXISTS "
              "(SELECT 1 FROM payment_source WHERE payment_source.message_id = message.id) "
              "LIMIT :most",
              "(mail) is posted, and there is no payment of it"},
    Guarantee{"SELECT CAST(payment.id AS VARCHAR(20)) FROM payment LEFT JOIN box ON box.id = "
              "payment.box_id WHERE payment.company_id = :company AND (box.id IS NULL OR "
              "box.company_id <> payment.company_id) LIMIT :most",
              "(payment): its box is not there, or another company's"},
    Guarantee{"SELECT CAST(source.id AS VARCHAR(20)) FROM payment_source source JOIN payment ON "
              "payment.id = source.payment_id LEFT JOIN message ON message.id = source.message_id "
              "LEFT JOIN statement ON statement.id = source.statement_id WHERE payment.company_id "
              "= :company AND message.id IS NULL AND statement.id IS NULL LIMIT :most",
              "(source of a payment): neither its mail nor its statement is there"},
    Guarantee{"SELECT CAST(allocation.payment_id AS VARCHAR(20)) FROM allocation JOIN payment ON "
              "payment.id = allocation.payment_id LEFT JOIN document ON document.id = "
              "allocation.document_id WHERE payment.company_id = :company AND document.id IS NULL "
              "LIMIT :most",
              "(payment): it settles a document that is not there"},
    Guarantee{
        "SELECT document.number FROM allocation JOIN document ON document.id = "
        "allocation.document_id LEFT JOIN payment ON payment.id = allocation.payment_id WHERE "
        "document.company_id = :company AND payment.id IS NULL LIMIT :most",
        "is settled by a payment that is not there"},
    Guarantee{"SELECT CAST(payment.id AS VARCHAR(20)) FROM payment LEFT JOIN payment original ON "
              "original.id = payment.duplicate_of WHERE payment.company_id = :company AND "
              "payment.duplicate_of IS NOT NULL AND (original.id IS NULL OR original.company_id <> "
              "payment.company_id) LIMIT :most",
              "(payment): its original is not there, or another company's"},
    Guarantee{"SELECT CAST(payment.id AS VARCHAR(20)) FROM payment JOIN payment original ON "
              "original.id = payment.duplicate_of WHERE payment.company_id = :company AND "
              "(original.status = 'duplicate' OR original.amount <> payment.amount OR "
              "original.currency <> payment.currency OR original.direction <> payment.direction) "
              "LIMIT :most",
              "(payment): what it is said to repeat is another movement, or repeats one itself"},
    Guarantee{"SELECT CAST(MAX(payment.id) AS VARCHAR(20)) FROM payment JOIN payment_source source "
              "ON source.payment_id = payment.id JOIN message ON message.id = source.message_id "
              "WHERE payment.company_id = :company AND payment.status NOT IN ('duplicate', "
              "'superseded') AND message.message_id <> '' GROUP BY message.message_id, "
              "message.body_digest, source.position HAVING COUNT(*) > 1 LIMIT :most",
              "(payment): the mail that told of it told of another one, too, in another box"},
    Guarantee{"SELECT message.path FROM message LEFT JOIN box ON box.id = message.box_id WHERE "
              "(box.company_id = :company OR box.id IS NULL) AND (box.id IS NULL OR state NOT IN "
              "('fetched', 'posted', 'ignored', 'unrecognised', 'quarantined', 'duplicate', "
              "'failed')) LIMIT :most",
              "(mail): its box is not there, or its state is none, so no list shows it"},
    Guarantee{"SELECT message.path FROM message JOIN box ON box.id = message.box_id WHERE "
              "box.company_id = :company AND (SELECT COUNT(*) FROM payment_source source WHERE "
              "source.message_id = message.id) <> (SELECT MAX(count) FROM payment_source source "
              "WHERE source.message_id = message.id) LIMIT :most",
              "(mail): not all of its payments are there"},
};

}  // namespace

std::vector<std::string> check_ledger(Ledger& ledger, BoxKey box, int limit) {
  std::vector<std::string> sentences;
  for (const Guarantee& guarantee : guarantees) {
    const int left = limit - static_cast<int>(sentences.size());
    if (left <= 0) break;
    for (const auto& [name] :
         ledger.database().rows<std::string>(guarantee.broken, box.company, left)) {
      sentences.push_back(name + " " + std::string(guarantee.sentence));
    }
  }
  return sentences;
}

}  // namespace paymentctl
