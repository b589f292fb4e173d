#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <soci/soci.h>

namespace paymentctl {

/// One value on its way into or out of the database. Every column is a text or a whole number.
struct Cell {
  std::string text;
  long long number = 0;
  soci::indicator indicator = soci::i_null;
};

inline void put(Cell& cell, std::string_view value) {
  cell.text.assign(value);
  cell.indicator = soci::i_ok;
}
template <typename Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
void put(Cell& cell, Number value) {
  cell.number = static_cast<long long>(value);
  cell.indicator = soci::i_ok;
}
template <typename Value>
void put(Cell& cell, const std::optional<Value>& value) {
  if (value) {
    put(cell, *value);
  } else {
    cell.indicator = soci::i_null;
  }
}

inline void take(const Cell& cell, std::string& value) {
  if (cell.indicator == soci::i_ok) value = cell.text;
}
template <typename Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
void take(const Cell& cell, Number& value) {
  if (cell.indicator == soci::i_ok) value = static_cast<Number>(cell.number);
}
template <typename Value>
void take(const Cell& cell, std::optional<Value>& value) {
  if (cell.indicator == soci::i_ok) take(cell, value.emplace());
}

template <typename Value>
struct IsText : std::bool_constant<!std::is_integral_v<Value>> {};
template <typename Value>
struct IsText<std::optional<Value>> : IsText<Value> {};

}  // namespace paymentctl
