#pragma once

#include "ledger/database.hpp"
#include "ledger/documents.hpp"

namespace paymentctl {

/// The documents that a condition ("WHERE …") selects, for the functions of lib/ledger.
template <typename... In>
std::vector<DocumentRow> select_documents(Database& database, const std::string& condition,
                                          const In&... values);

/// Their columns; the order is that of document_from().
inline const std::string document_columns =
    "SELECT document.id, document.kind, document.number, partner_id, partner_name, "
    "partner_account, document.variable_symbol, document.currency, document.amount, paid, "
    "outstanding, issued_on, due_on, document.status FROM document ";

using DocumentColumns =
    std::tuple<std::int64_t, std::string, std::string, std::optional<std::string>,
               std::optional<std::string>, std::optional<std::string>, std::optional<std::string>,
               std::string, std::int64_t, std::int64_t, std::int64_t, std::optional<std::string>,
               std::optional<std::string>, std::string>;

DocumentRow document_from(const DocumentColumns& columns);

template <typename... In>
std::vector<DocumentRow> select_documents(Database& database, const std::string& condition,
                                          const In&... values) {
  std::vector<DocumentRow> found;
  for (const DocumentColumns& columns :
       database
           .rows<std::int64_t, std::string, std::string, std::optional<std::string>,
                 std::optional<std::string>, std::optional<std::string>, std::optional<std::string>,
                 std::string, std::int64_t, std::int64_t, std::int64_t, std::optional<std::string>,
                 std::optional<std::string>, std::string>(document_columns + condition,
                                                          values...)) {
    found.push_back(document_from(columns));
  }
  return found;
}

/// What the ledger holds can only have come from here; anything else is a damaged ledger, and an
/// Error(data) that names the value.
[[noreturn]] void refuse_stored(std::string_view what, std::string_view value);

template <typename Value>
Value stored(std::optional<Value> value, std::string_view what, std::string_view text) {
  if (!value) refuse_stored(what, text);
  return *std::move(value);
}

}  // namespace paymentctl
