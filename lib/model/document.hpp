#pragma once

#include <optional>
#include <string>

#include "model/account_number.hpp"
#include "model/amount.hpp"
#include "model/currency.hpp"
#include "model/date.hpp"
#include "model/payment.hpp"

namespace paymentctl {

enum class DocumentKind { issued_invoice, received_invoice, other_receivable, other_payable };

enum class DocumentStatus { open, partially_paid, paid, cancelled };

/// The other side of a document. `id` (IČO) where known, else the exact name tells partners apart.
struct Partner {
  std::optional<std::string> id;
  std::optional<std::string> name;
  std::optional<AccountNumber> account;

  /// What two documents of one partner have in common: "id:26012345" or "name:Vzorná s.r.o.";
  /// empty where neither is known.
  [[nodiscard]] std::string key() const {
    if (id) return "id:" + *id;
    if (name) return "name:" + *name;
    return {};
  }
};

/// An invoice or another obligation that a payment can settle.
struct Document {
  DocumentKind kind = DocumentKind::issued_invoice;
  std::string number;
  Partner partner;
  /// As imported, leading zeros kept: the literal form is compared before the numeric one.
  std::optional<std::string> variable_symbol;
  Currency currency = Currency::czk();
  Amount amount;  ///< Amount::is_payable()
  Amount paid;    ///< what allocations have settled; the difference written off is not in it
  Amount outstanding;
  std::optional<Date> issued_on;
  std::optional<Date> due_on;
  DocumentStatus status = DocumentStatus::open;
};

/// Receivables are settled by incoming payments, payables by outgoing ones.
constexpr Direction settled_by(DocumentKind kind) {
  return kind == DocumentKind::issued_invoice || kind == DocumentKind::other_receivable
             ? Direction::incoming
             : Direction::outgoing;
}

/// A document as results and commands name it. For received kinds two partners may have issued the
/// same number, so the partner belongs to the name; elsewhere it is empty.
struct DocumentRef {
  DocumentKind kind = DocumentKind::issued_invoice;
  std::string number;
  std::string partner;  ///< Partner::key(), only where the number alone is not unique
  auto operator<=>(const DocumentRef&) const = default;
};

}  // namespace paymentctl
