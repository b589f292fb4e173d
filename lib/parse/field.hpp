#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace paymentctl {

/// What a field of a template may be called; parsers/README.md explains each.
enum class Field : std::uint8_t {
  amount,
  currency,
  balance,
  booked_on,
  booked_time,
  own_account,
  counterparty_account,
  counterparty_number,
  counterparty_code,
  counterparty_name,
  debited_account,
  credited_account,
  variable_symbol,
  constant_symbol,
  specific_symbol,
  message,
  note,
  merchant,
  kind_text,
  bank_reference,
  direction,
  kind,
  any,
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::any) + 1;

/// How a value is spelled.
enum class ValueType : std::uint8_t {
  amount,
  currency,
  date,
  time,
  account,
  number,
  code,
  symbol,
  word,
  text,
  choice,
};

std::optional<Field> field_named(std::string_view name);
std::string_view name_of(Field field);
ValueType type_of(Field field);
/// For {any:amount} and the like.
std::optional<ValueType> type_named(std::string_view name);

/// The payer's own words stand here.
constexpr bool is_payers_words(Field field) {
  return field == Field::message || field == Field::note || field == Field::counterparty_name ||
         field == Field::merchant;
}

/// Any text may stand here.
constexpr bool is_free_text(Field field) {
  return is_payers_words(field) || field == Field::any || field == Field::kind_text;
}

}  // namespace paymentctl
