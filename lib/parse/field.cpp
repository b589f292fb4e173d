#include "parse/field.hpp"

namespace paymentctl {
namespace {

struct FieldEntry {
  std::string_view name;
  ValueType type;
};

constexpr std::array<FieldEntry, field_count> field_entries = {{
    {"amount", ValueType::amount},
    {"currency", ValueType::currency},
    {"balance", ValueType::amount},
    {"booked_on", ValueType::date},
    {"booked_time", ValueType::time},
    {"own_account", ValueType::account},
    {"counterparty_account", ValueType::account},
    {"counterparty_number", ValueType::number},
    {"counterparty_code", ValueType::code},
    {"counterparty_name", ValueType::text},
    {"debited_account", ValueType::account},
    {"credited_account", ValueType::account},
    {"variable_symbol", ValueType::symbol},
    {"constant_symbol", ValueType::symbol},
    {"specific_symbol", ValueType::symbol},
    {"message", ValueType::text},
    {"note", ValueType::text},
    {"merchant", ValueType::text},
    {"kind_text", ValueType::text},
    {"bank_reference", ValueType::word},
    {"direction", ValueType::choice},
    {"kind", ValueType::choice},
    {"any", ValueType::text},
}};

constexpr std::array<FieldEntry, 8> discarded = {{
    {"amount", ValueType::amount},
    {"currency", ValueType::currency},
    {"date", ValueType::date},
    {"time", ValueType::time},
    {"account", ValueType::account},
    {"number", ValueType::number},
    {"word", ValueType::word},
    {"symbol", ValueType::symbol},
}};

}  // namespace

std::optional<Field> field_named(std::string_view name) {
  for (std::size_t i = 0; i < field_entries.size(); ++i) {
    if (field_entries[i].name == name) return static_cast<Field>(i);
  }
  return std::nullopt;
}

std::string_view name_of(Field field) {
  return field_entries[static_cast<std::size_t>(field)].name;
}

ValueType type_of(Field field) { return field_entries[static_cast<std::size_t>(field)].type; }

std::optional<ValueType> type_named(std::string_view name) {
  for (const FieldEntry& entry : discarded) {
    if (entry.name == name) return entry.type;
  }
  return std::nullopt;
}

}  // namespace paymentctl
