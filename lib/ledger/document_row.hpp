#pragma once

#include "ledger/database.hpp"
#include "ledger/documents.hpp"

namespace paymentctl {

/// The documents that a condition ("WHERE …") selects, for the functions of lib/ledger.
template <typename... In>
std::vector<DocumentRow> select_documents(Database& database, const std::string& condition,
                                          const In&... values);

/// The column symbol_digits of a variable symbol, number_digits of a number: the digits without
/// leading zeros; none where there are more than any symbol has.
std::string plain_digits(std::string_view text);

/// Their columns; the order is that of document_from().
inline const std::string document_names =
    "document.id, document.kind, document.number, partner_id, partner_name, partner_account, "
    "document.variable_symbol, document.currency, document.amount, paid, outstanding, issued_on, "
    "due_on, document.status";
inline const std::string document_columns = "SELECT " + document_names + " FROM document ";

using DocumentColumns =
    std::tuple<std::int64_t, std::string, std::string, std::optional<std::string>,
               std::optional<std::string>, std::optional<std::string>, std::optional<std::string>,
               std::string, std::int64_t, std::int64_t, std::int64_t, std::optional<std::string>,
               std::optional<std::string>, std::string>;

DocumentRow document_from(const DocumentColumns& columns);

/// What `ask` answers when it is asked for these columns.
template <typename... Column, typename Ask>
std::vector<DocumentRow> document_rows(const std::tuple<Column...>* /*columns*/, Ask&& ask) {
  std::vector<DocumentRow> found;
  for (const DocumentColumns& columns : ask.template operator()<Column...>()) {
    found.push_back(document_from(columns));
  }
  return found;
}

template <typename... In>
std::vector<DocumentRow> select_documents(Database& database, const std::string& condition,
                                          const In&... values) {
  return document_rows(static_cast<const DocumentColumns*>(nullptr), [&]<typename... Column>() {
    return database.rows<Column...>(document_columns + condition, values...);
  });
}

/// The same with lists in the condition (Database::rows_among).
template <typename... In>
std::vector<DocumentRow> select_documents_among(Database& database, const std::string& condition,
                                                const std::vector<std::vector<std::string>>& lists,
                                                const In&... values) {
  return document_rows(static_cast<const DocumentColumns*>(nullptr), [&]<typename... Column>() {
    return database.rows_among<Column...>(document_columns + condition, lists, values...);
  });
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
