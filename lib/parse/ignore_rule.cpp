#include "parse/ignore_rule.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace paymentctl {
namespace {

/// `lower` is in lower case already.
bool same_address(std::string_view lower, std::string_view address) {
  return std::equal(lower.begin(), lower.end(), address.begin(), address.end(), [](char a, char b) {
    return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
  });
}

/// By the end of its file name or media type; "" takes any.
bool has_attachment(const Message& message, std::string_view file_type) {
  return std::any_of(message.attachments.begin(), message.attachments.end(),
                     [&](const std::string& attachment) {
                       const std::string name = fold_words(attachment);
                       if (file_type.empty()) return true;
                       return name.ends_with("." + std::string(file_type)) ||
                              name.ends_with("/" + std::string(file_type));
                     });
}

/// By its decimals or its currency: any other number may be an account or a date.
bool holds_money(std::string_view folded) {
  static const RE2 money(
      "[0-9],[0-9]{2}(?:[^0-9]|$)|"
      "[0-9][ \\n]?(?:,-|€|(?:czk|kc|eur|usd|gbp|chf|pln|huf)(?:[^a-z]|$))|"
      "(?:€|(?:^|[^a-z])(?:czk|kc|eur|usd|gbp|chf|pln|huf))[ \\n]?[0-9]");
  return RE2::PartialMatch(re2::StringPiece(folded.data(), folded.size()), money);
}

/// A line of the format in the text itself; nullptr where there is none.
const LineSpec* any_line(const FoldedMail& mail, Region region, const Format& format) {
  for (const Layout& layout : format.layouts) {
    for (const FoundLine& found : read_layout(mail, region, layout).found) {
      if (found.line->kind != LineSpec::Kind::subject) return found.line;
    }
  }
  return nullptr;
}

}  // namespace

bool applies(const IgnoreRule& rule, const FoldedMail& mail, Region region,
             const Message& message) {
  if (rule.attachment && !has_attachment(message, rule.file_type)) return false;
  if (!rule.sender.empty() && !same_address(rule.sender, message.from_address)) return false;
  if (rule.subject && !find_pattern(mail.subject, mail.subject.all(), *rule.subject)) {
    return false;
  }
  if (rule.line && !find_pattern(mail.body, region, *rule.line)) return false;
  if (rule.unless && find_pattern(mail.body, region, *rule.unless)) return false;
  return !rule.sentence || find_pattern(mail.body, region, *rule.sentence);
}

std::string doubt_about(const IgnoreRule& rule, const FoldedMail& mail, Region region,
                        const Bank& bank) {
  Region front{region.begin, region.begin};
  for (const auto* condition : {&rule.line, &rule.sentence}) {
    if (!*condition) continue;
    const auto place = find_pattern(mail.body, region, **condition);
    if (place) front.end = std::max(front.end, place->begin);
  }
  if (front.end == front.begin) return {};
  if (holds_money(mail.body.view(front))) return "an amount stands in front of those words";
  for (const Rule& other : bank.rules) {
    if (!other.format) continue;
    if (const LineSpec* line = any_line(mail, front, *other.format)) {
      return fmt::format("‘{}’ of {} stands in front of those words", line->text,
                         other.format->facts.id);
    }
  }
  return {};
}

}  // namespace paymentctl
