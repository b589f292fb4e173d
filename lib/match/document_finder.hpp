#pragma once

#include <string>
#include <vector>

#include "model/document.hpp"
#include "model/payment.hpp"

namespace paymentctl {

/// Smallest and largest outstanding amount that still counts as "exactly this amount".
struct AmountRange {
  Amount least;
  Amount most;
};

/// What the rules ask of the documents of one company. `side` is the payment's direction: only
/// documents that it settles are returned. "Open" means that something is outstanding. Every answer
/// is bounded by `enough`: one that is as long may be incomplete, and no rule decides on it.
class DocumentFinder {
 public:
  static constexpr std::size_t enough = 200;

  virtual ~DocumentFinder() = default;

  /// Open documents of any currency whose variable symbol is `symbol` once leading zeros are gone.
  [[nodiscard]] virtual std::vector<Document> open_with_symbol(Direction side,
                                                               const Symbol& symbol) = 0;

  /// Some (at most 5, latest first) that owe nothing more: paid or cancelled.
  [[nodiscard]] virtual std::vector<Document> settled_with_symbol(Direction side,
                                                                  const Symbol& symbol) = 0;

  /// Partner::key() of everybody who is known to own the account, from documents or learned.
  [[nodiscard]] virtual std::vector<std::string> owners(const AccountNumber& account) = 0;

  /// Partner::key() of those whose documents payments from the account settled lately by symbol and
  /// amount (rule symbol-amount). It proves nothing, but raises doubts.
  [[nodiscard]] virtual std::vector<std::string> paid_for(const AccountNumber& account) = 0;

  /// Open documents of one partner that owe an amount in the range.
  [[nodiscard]] virtual std::vector<Document> open_of_partner(Direction side,
                                                              const std::string& partner,
                                                              Currency currency,
                                                              AmountRange outstanding) = 0;

  /// Open documents that owe an amount in the range and whose symbol, without leading zeros, is one
  /// of `symbols`.
  [[nodiscard]] virtual std::vector<Document> open_with_symbols(
      Direction side, const std::vector<std::string>& symbols, Currency currency,
      AmountRange outstanding) = 0;

  /// Open documents that owe an amount in the range and whose symbol or number, reduced to its
  /// digits and without leading zeros, is `digits`.
  [[nodiscard]] virtual std::vector<Document> open_named(Direction side, const std::string& digits,
                                                         Currency currency,
                                                         AmountRange outstanding) = 0;
};

}  // namespace paymentctl
