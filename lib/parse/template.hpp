#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parse/field.hpp"

namespace paymentctl {

/// One word of {field:word=value|…} or {:word|word}.
struct Choice {
  std::string words;  ///< folded; '*' stands for any text
  int value = 0;      ///< of the Direction or PaymentKind; 0 where no field is set
};

/// A piece of a template, parsers/README.md.
struct Node {
  enum class Kind : std::uint8_t { literal, field, choice, optional, capture, any_order };
  Kind kind = Kind::literal;
  std::string text;  ///< literal: folded words; field: pattern with '#', where one is given
  Field field = Field::any;
  ValueType type = ValueType::text;
  bool may_be_empty = false;
  bool sets_field = true;  ///< of a choice: false for {:a|b}
  std::vector<Choice> choices;
  std::vector<Node> children;
};

/// Throws Error(config) in words for the author; the caller adds file and line.
std::vector<Node> parse_template(std::string_view text);

/// The fields that a template can fill.
void collect_fields(const std::vector<Node>& nodes, std::vector<Field>& fields);

}  // namespace paymentctl
