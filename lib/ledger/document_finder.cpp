#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

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
  void forget_answered() override { answered_.clear(); }

  void expect(const std::vector<const Payment*>& payments) override {
    if (!database_.is_far()) return;
    std::map<Direction, std::set<std::string>> symbols;
    std::set<std::string> accounts;
    for (const Payment* payment : payments) {
      if (payment->variable_symbol) {
        symbols[payment->direction].insert(payment->variable_symbol->str());
      }
      if (payment->counterparty.account) accounts.insert(payment->counterparty.account->str());
    }
    for (const auto& [side, all] : symbols) expect_symbols(side, {all.begin(), all.end()});
    expect_owners({accounts.begin(), accounts.end()});
  }

  void changed(const Document& document) override {
    expected_.erase(
        {settled_by(document.kind), plain_digits(document.variable_symbol.value_or(""))});
  }

  std::vector<Document> open_with_symbol(Direction side, const Symbol& symbol) override {
    if (const auto found = expected_.find({side, symbol.str()}); found != expected_.end()) {
      return remembered(found->second);
    }
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
    if (const auto known = owners_.find(account.str()); known != owners_.end()) {
      return known->second;
    }
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
    const std::string from = payments_from(account.str());
    if (database_.is_absent(from)) return found;
    const auto rows = database_.apart_from(from, [&] {
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
    return remembered(select_documents(database_, condition, values...));
  }

  std::vector<Document> remembered(const std::vector<DocumentRow>& rows) {
    std::vector<Document> documents;
    for (const DocumentRow& row : rows) {
      documents.push_back(row.document);
      if (documents.size() <= most_remembered) answered_.push_back(row);
    }
    return documents;
  }

  /// As open_with_symbol. Where there are too many documents nothing is known.
  void expect_symbols(Direction side, const std::vector<std::string>& symbols) {
    constexpr std::ptrdiff_t piece = 64;
    for (auto at = symbols.begin(); at != symbols.end();) {
      const auto end = symbols.end() - at > piece ? at + piece : symbols.end();
      auto rows = select_documents_among(
          database_,
          "WHERE company_id = :company AND side = :side AND symbol_digits IN {list} AND "
          "outstanding > 0 ORDER BY id LIMIT 200",
          {{at, end}}, box_.company, name_of(side));
      if (rows.size() < enough) {
        for (const std::string& symbol : std::vector<std::string>(at, end)) {
          expected_[{side, symbol}] = {};
        }
        for (DocumentRow& row : rows) {
          const std::string digits = plain_digits(row.document.variable_symbol.value_or(""));
          expected_[{side, digits}].push_back(std::move(row));
        }
      }
      at = end;
    }
  }

  /// Of accounts that belong to nobody, or to one partner.
  void expect_owners(std::vector<std::string> accounts) {
    using Key = std::optional<std::string>;
    const std::string rest = fmt::format(" AND company_id = {} AND partner_key > ''", box_.company);
    const std::string of_documents = "FROM document WHERE partner_account = asked.column1" + rest;
    const std::string learned = "FROM partner_account WHERE account = asked.column1" + rest;
    for (const auto& [account, first, last, first_learned, last_learned] :
         database_.rows_among<std::string, Key, Key, Key, Key>(
             "SELECT asked.column1, (SELECT MIN(partner_key) " + of_documents +
                 "), (SELECT MAX(partner_key) " + of_documents + "), (SELECT MIN(partner_key) " +
                 learned + "), (SELECT MAX(partner_key) " + learned + ") FROM {rows} AS asked",
             {std::move(accounts)})) {
      if (first != last || first_learned != last_learned) continue;
      std::vector<std::string>& owners = owners_[account];
      if (first) owners.push_back(*first);
      if (first_learned && first_learned != first) owners.push_back(*first_learned);
    }
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
  std::map<std::pair<Direction, std::string>, std::vector<DocumentRow>> expected_;
  std::map<std::string, std::vector<std::string>> owners_;
};

}  // namespace

std::unique_ptr<LedgerDocuments> document_finder(Ledger& ledger, BoxKey box) {
  return std::make_unique<LedgerFinder>(ledger, box);
}

}  // namespace paymentctl
