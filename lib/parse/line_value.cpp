#include "parse/line_value.hpp"

#include <vector>

#include "parse/folded_text.hpp"
#include "parse/values.hpp"

namespace paymentctl {
namespace {

bool fits_choice(const LineSpec& line, const ValuePattern& value, std::string_view here,
                 Reading& reading) {
  for (const Choice& choice : value.choices) {
    if (here != choice.words) continue;
    reading.captures.push_back({value.field, {}, choice.value, false, &line, &value});
    return true;
  }
  return here.empty() && value.may_be_empty;
}

bool fits_amount(const FoldedText& text, const LineSpec& line, const ValuePattern& value,
                 Region place, bool loose_end, Reading& reading) {
  const std::string_view here = text.view(place);
  if (here.empty()) return value.may_be_empty;
  const AmountPieces pieces = split_amount(here);
  if (pieces.number.empty()) return false;
  std::string_view rest = pieces.rest;
  if (loose_end) rest = rest.substr(0, rest.find_first_of(" \n"));
  const auto at = [&](std::string_view part) {
    const auto begin = static_cast<std::size_t>(part.data() - text.text.data());
    return Region{begin, begin + part.size()};
  };
  if (rest.empty() || rest == ".") {
    if (value.currency_required) return false;
  } else if (!value.takes_currency || !read_currency(rest)) {
    return false;
  } else {
    reading.captures.push_back({value.currency, at(rest), -1, false, &line, &value});
  }
  reading.captures.push_back({value.field, at(pieces.number), -1, false, &line, &value});
  return true;
}

}  // namespace

void take_groups(const LineSpec& line, const ValuePattern& value, const FoldedText& text,
                 const re2::StringPiece* parts, bool in_subject, Reading& reading) {
  const char* const origin = text.text.data();
  for (std::size_t i = 0; i < value.pattern.groups.size(); ++i) {
    const re2::StringPiece& part = parts[i + 2];
    if (part.data() == nullptr) continue;
    const Group& group = value.pattern.groups[i];
    const auto begin = static_cast<std::size_t>(part.data() - origin);
    reading.captures.push_back(
        {group.field, {begin, begin + part.size()}, group.choice, in_subject, &line, &value});
  }
}

bool could_be(const FoldedText& text, const ValuePattern& value, Region place) {
  const std::string_view here = text.view(place);
  if (here.empty()) return false;
  switch (value.shape) {
    case ValuePattern::Shape::nothing:
      return false;
    case ValuePattern::Shape::choice:
    case ValuePattern::Shape::general:
      return true;
    case ValuePattern::Shape::amount:
      return !split_amount(here).number.empty();
    case ValuePattern::Shape::single:
      break;
  }
  switch (type_of(value.field)) {
    case ValueType::symbol:
      return here.find_first_not_of("0123456789") == nowhere;
    case ValueType::account:
    case ValueType::number:
    case ValueType::code:
      return here.find_first_of("0123456789/*") != nowhere && here.size() <= 60;
    case ValueType::date:
      return read_date(here).has_value();
    case ValueType::time:
      return read_time(here).has_value();
    case ValueType::currency:
      return read_currency(here).has_value();
    default:
      return true;
  }
}

Region first_word_of_symbol(const FoldedText& folded, const ValuePattern& value, Region place) {
  if (value.shape != ValuePattern::Shape::single || type_of(value.field) != ValueType::symbol) {
    return place;
  }
  const std::string_view text = folded.text;
  std::size_t end = place.begin;
  while (end < place.end && text[end] >= '0' && text[end] <= '9') ++end;
  if (end < place.end && !is_space(text[end])) return place;
  return {place.begin, end};
}

bool fits(const FoldedText& text, const LineSpec& line, const ValuePattern& value, Region place,
          bool loose_end, Reading& reading) {
  const std::string_view here = text.view(place);
  switch (value.shape) {
    case ValuePattern::Shape::nothing:
      return true;
    case ValuePattern::Shape::single:
      if (here.empty()) return value.may_be_empty;
      reading.captures.push_back({value.field, place, -1, false, &line, &value});
      return true;
    case ValuePattern::Shape::amount:
      return fits_amount(text, line, value, place, loose_end, reading);
    case ValuePattern::Shape::choice:
      return fits_choice(line, value, here, reading);
    case ValuePattern::Shape::general:
      break;
  }
  std::vector<re2::StringPiece> parts(value.pattern.groups.size() + 2);
  const re2::StringPiece all(here.data(), here.size());
  const RE2& expression = value.pattern.expression->compiled_for(text);
  if (!expression.Match(all, 0, here.size(), RE2::ANCHOR_BOTH, parts.data(),
                        static_cast<int>(parts.size()))) {
    return false;
  }
  take_groups(line, value, text, parts.data(), false, reading);
  return true;
}

}  // namespace paymentctl
