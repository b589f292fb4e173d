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

  /// What two documents of one partner have in common: "id:26012345", "name:Vzorná s.r.o." or,
  /// where nothing else is known, "account:1234567899/0800"; empty where nothing at all is known.
  [[nodiscard]] std::string key() const {
    if (id) return "id:" + *id;
    if (name) return "name:" + *name;
    if (account) return "account:" + account->str();
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

/// Somebody else numbered it, so that two partners may have used one number.
constexpr bool is_received(DocumentKind kind) { return settled_by(kind) == Direction::outgoing; }

inline DocumentRef ref_of(const Document& document) {
  return {document.kind, document.number,
          is_received(document.kind) ? document.partner.key() : std::string()};
}

}  // namespace paymentctl
