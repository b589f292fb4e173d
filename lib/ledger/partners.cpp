#include "ledger/partners.hpp"

#include "ledger/database.hpp"

namespace paymentctl {

std::vector<LearnedAccount> learned_accounts(Ledger& ledger, BoxKey box) {
  std::vector<LearnedAccount> found;
  for (const auto& [account, partner, at, others] :
       ledger.database().rows<std::string, std::string, std::int64_t, std::int64_t>(
           "SELECT account, partner_key, learned_at, CASE WHEN EXISTS (SELECT 1 FROM "
           "partner_account other "
           "WHERE other.company_id = partner_account.company_id AND other.account = "
           "partner_account.account AND other.partner_key <> partner_account.partner_key) OR "
           "EXISTS "
           "(SELECT 1 FROM document WHERE document.company_id = partner_account.company_id AND "
           "document.partner_account = partner_account.account AND document.partner_key <> "
           "partner_account.partner_key) THEN 1 ELSE 0 END FROM partner_account WHERE company_id = "
           ":company "
           "ORDER BY account, partner_key",
           box.company)) {
    found.push_back({account, partner, from_seconds(at), others != 0});
  }
  return found;
}

void learn_account(Ledger& ledger, BoxKey box, const AccountNumber& account,
                   const std::string& partner, Timestamp now) {
  if (partner.empty()) return;
  ledger.database().run(
      "INSERT INTO partner_account (company_id, account, partner_key, learned_at) VALUES "
      "(:company, :account, :partner, :now) ON CONFLICT (company_id, account, partner_key) DO "
      "NOTHING",
      box.company, account.str(), partner, to_seconds(now));
}

void unlearn_account(Ledger& ledger, BoxKey box, const AccountNumber& account,
                     const std::string& partner) {
  ledger.database().run(
      "DELETE FROM partner_account WHERE company_id = :company AND account = :account AND "
      "partner_key = :partner AND NOT EXISTS (SELECT 1 FROM payment JOIN allocation ON "
      "allocation.payment_id = payment.id JOIN document ON document.id = allocation.document_id "
      "WHERE payment.company_id = :owner AND payment.counter_account = :from AND payment.rule IS "
      "NULL AND document.partner_key = :other)",
      box.company, account.str(), partner, box.company, account.str(), partner);
}

std::int64_t forget_account(Ledger& ledger, BoxKey box, const AccountNumber& account,
                            const std::string& partner) {
  if (partner.empty()) {
    return ledger.database().run(
        "DELETE FROM partner_account WHERE company_id = :company AND account = :account",
        box.company, account.str());
  }
  return ledger.database().run(
      "DELETE FROM partner_account WHERE company_id = :company AND account = :account AND "
      "partner_key = :partner",
      box.company, account.str(), partner);
}

}  // namespace paymentctl
