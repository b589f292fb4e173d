#include <algorithm>
#include <tuple>

#include "ledger/document_row.hpp"
#include "ledger/payment_row.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

class LedgerFinder : public LedgerDocuments {
 public:
  LedgerFinder(Ledger& ledger, BoxKey box) : database_(ledger.database()), box_(box) {}

  const DocumentRow* answered(const DocumentRef& reference) const override {
    for (const DocumentRow& row : answered_) {
      if (ref_of(row.document) == reference) return &row;
    }
    return nullptr;
  }
  void forget() override { answered_.clear(); }

  std::vector<Document> open_with_symbol(Direction side, const Symbol& symbol) override {
    return select(
        "WHERE company_id = :company AND side = :side AND symbol_digits = :symbol "
        "AND outstanding > 0 ORDER BY id LIMIT 200",
        box_.company, name_of(side), symbol.str());
  }

  std::vector<Document> settled_with_symbol(Direction side, const Symbol& symbol) override {
    return select(
        "WHERE company_id = :company AND side = :side AND symbol_digits = :symbol "
        "AND outstanding = 0 ORDER BY id DESC LIMIT 5",
        box_.company, name_of(side), symbol.str());
  }

  std::vector<std::string> owners(const AccountNumber& account) override {
    // From one partner to the next by the index, however many documents each one has; more than
    // three say no more than three.
    std::vector<std::string> found;
    std::vector<std::string> learned;
    std::optional<std::string> next_found = "";
    std::optional<std::string> next_learned = "";
    for (int count = 0; count < 3 && (next_found || next_learned); ++count) {
      std::tie(next_found, next_learned) =
          database_
              .row<std::optional<std::string>, std::optional<std::string>>(
                  "SELECT (SELECT MIN(partner_key) FROM document WHERE company_id = :company AND "
                  "partner_account = :account AND partner_key > :last), (SELECT MIN(partner_key) "
                  "FROM partner_account WHERE company_id = :company2 AND account = :account2 AND "
                  "partner_key > :last2)",
                  box_.company, account.str(), next_found, box_.company, account.str(),
                  next_learned)
              .value();
      if (next_found) found.push_back(*next_found);
      if (next_learned) learned.push_back(*next_learned);
    }
    for (std::string& owner : learned) {
      if (std::find(found.begin(), found.end(), owner) == found.end()) {
        found.push_back(std::move(owner));
      }
    }
    return found;
  }

  std::vector<std::string> paid_for(const AccountNumber& account) override {
    // Of the latest fifty parts, so that years of payments cost no more.
    std::vector<std::string> found;
    const auto rows = database_.apart_from(payments_from(account), [&] {
      return database_.rows<std::string, std::optional<std::string>>(
          "SELECT document.partner_key, payment.rule FROM payment "
          "JOIN allocation ON allocation.payment_id = payment.id "
          "JOIN document ON document.id = allocation.document_id "
          "WHERE payment.company_id = :company AND payment.counter_account = :account "
          "ORDER BY payment.id DESC LIMIT 50",
          box_.company, account.str());
    });
    for (const auto& [partner, rule] : rows) {
      const bool counts = rule == name_of(MatchRule::symbol_amount) && !partner.empty();
      if (counts && std::find(found.begin(), found.end(), partner) == found.end()) {
        found.push_back(partner);
      }
    }
    return found;
  }

  std::vector<Document> open_of_partner(Direction side, const std::string& partner,
                                        Currency currency, AmountRange outstanding) override {
    return select(
        "WHERE company_id = :company AND side = :side AND partner_key = :partner "
        "AND outstanding >= :least AND outstanding <= :most AND outstanding > 0 "
        "AND currency = :currency ORDER BY id LIMIT 200",
        box_.company, name_of(side), partner, outstanding.least.minor(), outstanding.most.minor(),
        currency.code());
  }

  std::vector<Document> open_with_symbols(Direction side, const std::vector<std::string>& symbols,
                                          Currency currency, AmountRange outstanding) override {
    std::vector<Document> found;
    for (const std::string& symbol : symbols) {
      std::vector<Document> next = named("symbol_digits", side, symbol, currency, outstanding);
      std::move(next.begin(), next.end(), std::back_inserter(found));
      if (found.size() >= enough) break;
    }
    return found;
  }

  std::vector<Document> open_named(Direction side, const std::string& digits, Currency currency,
                                   AmountRange outstanding) override {
    std::vector<Document> found = named("symbol_digits", side, digits, currency, outstanding);
    // Only where the number is not the symbol is it indexed.
    std::vector<Document> by_number = named("number_digits <> symbol_digits AND number_digits",
                                            side, digits, currency, outstanding);
    std::move(by_number.begin(), by_number.end(), std::back_inserter(found));
    return found;
  }

 private:
  template <typename... In>
  std::vector<Document> select(const std::string& condition, const In&... values) {
    std::vector<Document> documents;
    for (DocumentRow& row : select_documents(database_, condition, values...)) {
      documents.push_back(row.document);
      if (documents.size() <= most_remembered) answered_.push_back(std::move(row));
    }
    return documents;
  }

  std::vector<Document> named(const std::string& condition, Direction side,
                              const std::string& digits, Currency currency,
                              AmountRange outstanding) {
    return select("WHERE company_id = :company AND side = :side AND " + condition +
                      " = :digits AND outstanding >= :least AND outstanding <= :most AND "
                      "outstanding > 0 AND currency = :currency ORDER BY id LIMIT 200",
                  box_.company, name_of(side), digits, outstanding.least.minor(),
                  outstanding.most.minor(), currency.code());
  }

  /// Of each answer; a payment that settles more is a rare one.
  static constexpr std::size_t most_remembered = 5;

  Database& database_;
  BoxKey box_;
  std::vector<DocumentRow> answered_;
};

}  // namespace

std::unique_ptr<LedgerDocuments> document_finder(Ledger& ledger, BoxKey box) {
  return std::make_unique<LedgerFinder>(ledger, box);
}

}  // namespace paymentctl
