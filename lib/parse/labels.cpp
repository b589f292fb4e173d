#include "parse/labels.hpp"

#include <algorithm>

#include "parse/folded_text.hpp"
#include "parse/values.hpp"

namespace paymentctl {
namespace {

bool is_wordly(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

/// Where the value behind the label begins, or nowhere. In flattened text line ends are blanks.
std::size_t behind_label(std::string_view text, std::size_t at, std::size_t end,
                         std::string_view words) {
  const auto skip = [&] {
    while (at < end && is_space(text[at])) ++at;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char c = words[i];
    if (c == ':') {
      skip();
      if (at >= end || text[at] != ':') return nowhere;
      ++at;
      skip();
    } else if (c == ' ') {
      if (at >= end || !is_space(text[at])) return nowhere;
      skip();
    } else {
      if (at >= end || text[at] != c) return nowhere;
      ++at;
    }
  }
  if (words.back() == ':') return at;
  if (at < end && is_wordly(text[at]) && is_wordly(words.back())) return nowhere;
  skip();
  if (at < end && text[at] == ':') {
    ++at;
    skip();
  }
  return at;
}

}  // namespace

bool label_may_be_in(const FoldedText& text, Region region, const LineSpec& line) {
  const auto may_be_in = [&](const Trigrams::Word& word) {
    if (!text.trigrams.may_hold(word)) return false;
    const bool is_known = text.is_all(region) && !word.is_short();
    return is_known || text.view(region).find(word.text()) != nowhere;
  };
  return std::any_of(line.labels.begin(), line.labels.end(), [&](const Label& label) {
    return std::all_of(label.parts.begin(), label.parts.end(), may_be_in);
  });
}

std::optional<LabelHit> hit_at(std::string_view text, const Layout& layout, std::size_t at,
                               std::size_t stop, bool flattened) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const LabelIndex& index = layout.index;
  for (std::size_t i = index.starts[byte]; i < index.starts[byte + 1u]; ++i) {
    const LabelIndex::Entry& entry = index.entries[i];
    const std::size_t value = behind_label(text, at, stop, entry.words);
    if (value == nowhere) continue;
    const bool cell = entry.line >= 0 && layout.lines[static_cast<std::size_t>(entry.line)].kind ==
                                             LineSpec::Kind::cell;
    if (cell && !flattened && value < stop) continue;
    const bool whole = entry.line >= 0 && layout.lines[static_cast<std::size_t>(entry.line)].whole;
    return LabelHit{entry.line, entry.label, at, whole ? at : value, stop};
  }
  return std::nullopt;
}

bool may_apply(const FoldedMail& mail, Region region, const Layout& layout) {
  return std::all_of(layout.lines.begin(), layout.lines.end(), [&](const LineSpec& line) {
    if (!line.required || line.kind == LineSpec::Kind::subject) return true;
    if (line.kind == LineSpec::Kind::sentence)
      return line.values.front().pattern.may_be_in(mail.body, region);
    return label_may_be_in(mail.body, region, line);
  });
}

bool holds_amount(const FoldedMail& mail, Region region, const Layout& layout) {
  const std::string_view text = mail.body.text;
  for (std::size_t at = region.begin; at < region.end; ++at) {
    if (is_space(text[at]) || (at > region.begin && !is_space(text[at - 1]))) continue;
    const auto hit = hit_at(text, layout, at, region.end, true);
    if (!hit || hit->line < 0) continue;
    const auto states_amount = [](const ValuePattern& value) {
      return value.shape == ValuePattern::Shape::amount && value.field == Field::amount;
    };
    const std::vector<ValuePattern>& values =
        layout.lines[static_cast<std::size_t>(hit->line)].values;
    if (std::any_of(values.begin(), values.end(), states_amount) &&
        !split_amount(text.substr(hit->value, region.end - hit->value)).number.empty()) {
      return true;
    }
  }
  return false;
}

}  // namespace paymentctl
