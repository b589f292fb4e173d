#include "parse/pattern.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "model/error.hpp"
#include "model/names.hpp"
#include "parse/folded_text.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_expression = 2000;
/// Of pieces in any order, which may hold such pieces again.
constexpr std::size_t longest_orders = 20000;

[[noreturn]] void fail(const std::string& message) { throw Error(ExitCode::config, message); }

/// Stands in an expression where an IBAN may; nothing folded holds it.
constexpr char iban_mark = '\x01';

constexpr int czech_iban = 24;  // and a Slovak one

/// Lengths of IBANs, so that a name behind one does not run into it (ISO 13616 registry).
constexpr std::array<std::pair<std::string_view, int>, 18> iban_lengths = {{
    {"no", 15},
    {"be", 16},
    {"dk|fi|fo|gl|nl|sd", 18},
    {"mk|si", 19},
    {"at|ba|ee|kz|lt|lu|xk", 20},
    {"ch|cr|hr|li|lv", 21},
    {"bg|bh|de|ge|gb|ie|me|rs|va", 22},
    {"ae|gi|il|iq|om|so|tl", 23},
    {"ad|cz|es|md|pk|ro|sa|se|sk|tn|vg", czech_iban},
    {"ly|pt|st", 25},
    {"is|tr", 26},
    {"bi|dj|fr|gr|it|mc|mr|sm", 27},
    {"al|az|by|cy|do|gt|hu|lb|ni|pl|sv", 28},
    {"br|eg|ps|qa|ua", 29},
    {"jo|kw|mu|ye", 30},
    {"mt|sc", 31},
    {"lc", 32},
    {"ru", 33},
}};

constexpr int iban_head = 4;  // the country and two digits
constexpr const char* behind_iban = "(?:/[0-9]{0,4})?";

std::string iban_begin(std::string_view countries) {
  return fmt::format("(?:{})[0-9]{{2}}", countries);
}

/// So many letters and digits more.
std::string iban_rest(int count) { return fmt::format("(?: ?[a-z0-9]){{{}}}", count); }

/// All countries in one: the longest number begins first, and where only as much of it is left as
/// another country has, that one joins in.
std::string iban_expression() {
  std::string text;
  int before = iban_lengths.back().second;
  for (auto entry = iban_lengths.rbegin(); entry != iban_lengths.rend(); ++entry) {
    const auto& [countries, length] = *entry;
    const std::string begin = iban_begin(countries);
    text = text.empty() ? begin : "(?:" + text + iban_rest(before - length) + "|" + begin + ")";
    before = length;
  }
  return text + iban_rest(before - iban_head) + behind_iban;
}

std::string expression_of(ValueType type) {
  switch (type) {
    case ValueType::amount:
      return "[+-]?[ \\n]?[0-9](?:[0-9., \\n]*[0-9])?";
    case ValueType::currency:
      return "kc|\u20ac|[a-z]{3}";
    case ValueType::date:
      return "[0-9]{1,2}\\.[ \\n]?[0-9]{1,2}\\.[ \\n]?[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}";
    case ValueType::time:
      return "[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?";
    case ValueType::account:
      return std::string(1, iban_mark) +
             "(?:[0-9]{1,6}-)?[0-9]{2,17}(?:/(?:[0-9]{4})?)?|"
             "[0-9.*x-]*[.*x][0-9.*x-]*(?:/[0-9]{4})?|/(?:[0-9]{4})?|\\*";
    case ValueType::number:
      return "(?:[0-9]{1,6}-)?[0-9]{2,17}";
    case ValueType::code:
      return "[0-9]{4}";
    case ValueType::symbol:
      return "[0-9a-z]+";
    case ValueType::word:
      return "[^ \\n]+";
    default:
      return "(?s:.+?)";
  }
}

/// What stands before the other ways to write an account.
std::string iban_alternative(Ibans ibans) {
  if (ibans == Ibans::none) return {};
  if (ibans == Ibans::any) return iban_expression() + "|";
  return iban_begin("cz|sk") + iban_rest(czech_iban - iban_head) + behind_iban + "|";
}

class Builder {
 public:
  Builder(Pattern& pattern, bool one_line) : pattern_(pattern), one_line_(one_line) {}

  std::string sequence(const std::vector<Node>& nodes, bool certain) {
    std::string text;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const bool loose_before = i == 0 || may_vanish(nodes[i - 1]);
      const bool loose_after = i + 1 == nodes.size() || may_vanish(nodes[i + 1]);
      text += node(nodes[i], loose_before, loose_after, certain);
    }
    return text;
  }

 private:
  static bool may_vanish(const Node& node) {
    return node.may_be_empty || node.kind == Node::Kind::optional ||
           node.kind == Node::Kind::any_order;
  }

  std::string group(Field field, int choice, const std::string& text) {
    pattern_.groups.push_back({field, choice});
    return "(" + text + ")";
  }

  std::string node(const Node& node, bool loose_before, bool loose_after, bool certain) {
    switch (node.kind) {
      case Node::Kind::literal:
        return literal(node.text, loose_before, loose_after, certain);
      case Node::Kind::field: {
        if (node.type == ValueType::text) {
          return group(node.field, -1, node.may_be_empty ? "(?s:.*?)" : "(?s:.+?)");
        }
        // The group number is the order of the opening brackets.
        std::string text = group(node.field, -1, expression_of(node.type));
        return node.may_be_empty ? text + "?" : text;
      }
      case Node::Kind::choice:
        if (certain && !node.may_be_empty) remember_choice(node);
        return choice(node);
      case Node::Kind::optional:
        return "(?:" + sequence(node.children, false) + ")?";
      case Node::Kind::capture: {
        pattern_.groups.push_back({node.field, -1});
        return "(" + sequence(node.children, certain) + ")";
      }
      case Node::Kind::any_order:
        return any_order(node.children);
    }
    return {};
  }

  /// Each of the items once at most: whichever comes first, then the others likewise. What all of
  /// them begin with is looked at once.
  std::string any_order(const std::vector<Node>& items) {
    std::string text;
    for (std::size_t first = 0; first < items.size(); ++first) {
      text += (text.empty() ? "(?:" : "|") + sequence(items[first].children, false);
      std::vector<Node> others = items;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(first));
      text += any_order(others);
      if (text.size() > longest_orders)
        fail("[~…] stands for too many orders; put no [~…] into its pieces");
    }
    return items.empty() ? text : text + ")?";
  }

  std::string choice(const Node& node) {
    std::string text = "(?:";
    for (std::size_t i = 0; i < node.choices.size(); ++i) {
      if (i > 0) text += "|";
      const std::string words = literal(node.choices[i].words, true, true, false);
      text += node.sets_field ? group(node.field, node.choices[i].value, words) : words;
    }
    return text + ")";
  }

  /// Blanks may be line ends; none is needed around a colon or before other punctuation.
  std::string literal(std::string_view words, bool loose_before, bool loose_after, bool certain) {
    if (certain) {
      for (Trigrams::Word& run : runs_of(words)) remember({{std::move(run)}});
    }
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const char c = words[i];
      if (c == ' ') {
        const bool loose = (i == 0 && loose_before) || (i + 1 == words.size() && loose_after) ||
                           (i + 1 < words.size() && before_loosely(words[i + 1])) ||
                           (i > 0 && words[i - 1] == ':');
        text += loose ? "[ \\n]*" : "[ \\n]+";
      } else if (c == '*') {
        text += "(?s:.*?)";
      } else {
        if (before_loosely(c)) text += "[ \\n]*";
        text += RE2::QuoteMeta(std::string(1, c));
        if (c == ':') text += "[ \\n]*";
      }
    }
    return text;
  }

  static bool before_loosely(char c) {
    return c == ':' || c == ',' || c == ';' || c == '.' || c == ')';
  }

  /// The runs of words that stand in every match as they are: punctuation may have blanks before
  /// it, and a blank may be a line end unless the pattern is for one line.
  [[nodiscard]] Pattern::Words runs_of(std::string_view words) const {
    Pattern::Words runs;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= words.size(); ++i) {
      const bool blank = i < words.size() && words[i] == ' ' &&
                         !(one_line_ && i > 0 && i + 1 < words.size() && i > begin);
      const bool inside =
          i < words.size() && !blank && words[i] != '*' && !before_loosely(words[i]);
      if (inside) continue;
      std::string_view run = words.substr(begin, i - begin);
      if (!run.empty() && run.back() == ' ') run.remove_suffix(1);
      if (!run.empty()) runs.emplace_back(std::string(run));
      begin = i + 1;
    }
    return runs;
  }

  void remember(std::vector<Pattern::Words> alternatives) {
    if (pattern_.words.size() < 12) pattern_.words.push_back(std::move(alternatives));
  }

  void remember_choice(const Node& node) {
    std::vector<Pattern::Words> alternatives;
    for (const Choice& choice : node.choices) {
      alternatives.push_back(runs_of(choice.words));
      if (alternatives.back().empty()) return;
    }
    remember(std::move(alternatives));
  }

  Pattern& pattern_;
  bool one_line_;
};

std::string anchored(const std::string& expression, Anchor anchor) {
  switch (anchor) {
    case Anchor::whole:
      return "^[ \\n]*(" + expression + ")[ \\n]*$";
    case Anchor::line_start:
      return "(?m:^)(" + expression + ")";
    case Anchor::search:
      break;
  }
  return "(?:^|[^0-9a-z])(" + expression + ")";
}

}  // namespace

Expression::Expression(std::string text, Syntax syntax)
    : text_(std::move(text)),
      syntax_(syntax),
      takes_ibans_(syntax == Syntax::ours && text_.find(iban_mark) != std::string::npos) {}

const RE2& Expression::compiled() const { return made(Ibans::any); }

const RE2& Expression::compiled_for(const FoldedText& text) const {
  return made(takes_ibans_ ? text.ibans : Ibans::any);
}

const RE2& Expression::made(Ibans ibans) const {
  Lazy& lazy = by_ibans_.at(static_cast<std::size_t>(ibans));
  std::call_once(lazy.once, [&] {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(2 << 20);
    // In ours nothing ends within a character, so that bytes will do, which take a tenth of what a
    // character of any length takes.
    options.set_encoding(syntax_ == Syntax::ours ? RE2::Options::EncodingLatin1
                                                 : RE2::Options::EncodingUTF8);
    std::string text = text_;
    const std::string iban = takes_ibans_ ? iban_alternative(ibans) : std::string();
    for (std::size_t at = 0; takes_ibans_ && (at = text.find(iban_mark, at)) != std::string::npos;
         at += iban.size()) {
      text.replace(at, 1, iban);
    }
    lazy.expression = std::make_unique<const RE2>(text, options);
  });
  // Not thrown in there: mingw's call_once would hold its lock for ever.
  if (!lazy.expression->ok()) fail("the pattern cannot be compiled: " + lazy.expression->error());
  return *lazy.expression;
}

bool Pattern::may_be_in(const FoldedText& folded, Region region) const {
  for (const std::vector<Words>& alternatives : words) {
    const bool any = std::any_of(alternatives.begin(), alternatives.end(), [&](const Words& runs) {
      return std::all_of(runs.begin(), runs.end(),
                         [&](const auto& run) { return folded.trigrams.may_hold(run); });
    });
    if (!any) return false;
  }
  if (folded.is_all(region)) return true;
  const std::string_view text = folded.view(region);
  std::size_t at = 0;
  for (const std::vector<Words>& alternatives : words) {
    // Whichever ends first: what follows it may stand there.
    std::size_t nearest = std::string_view::npos;
    for (const Words& runs : alternatives) {
      std::size_t end = at;
      for (const Trigrams::Word& run : runs) {
        end = text.find(run.text(), end);
        if (end == std::string_view::npos) break;
        end += run.text().size();
      }
      nearest = std::min(nearest, end);
    }
    if (nearest == std::string_view::npos) return false;
    at = nearest;
  }
  return true;
}

Pattern compile_pattern(const std::vector<Node>& nodes, Anchor anchor) {
  Pattern pattern;
  const std::string expression =
      Builder(pattern, anchor == Anchor::line_start).sequence(nodes, true);
  if (pattern.groups.size() > 120) fail("the line has too many fields and choices");
  pattern.expression =
      std::make_shared<const Expression>(anchored(expression, anchor), Expression::Syntax::ours);
  return pattern;
}

Pattern compile_regex(std::string_view expression, Anchor anchor) {
  if (expression.size() > longest_expression) fail("the expression is longer than 2000 bytes");
  Pattern pattern;
  pattern.expression = std::make_shared<const Expression>(anchored(std::string(expression), anchor),
                                                          Expression::Syntax::re2);
  const RE2& compiled = pattern.expression->compiled();
  pattern.groups.resize(static_cast<std::size_t>(compiled.NumberOfCapturingGroups()) - 1);
  if (pattern.groups.size() > 40) fail("the expression has more than 40 groups");
  for (const auto& [name, number] : compiled.NamedCapturingGroups()) {
    const std::size_t underscores = name.find("__");
    const auto field = field_named(name.substr(0, underscores));
    if (!field) fail("the expression names a group '" + name + "', which is no field");
    Group& group = pattern.groups[static_cast<std::size_t>(number) - 2];
    group.field = *field;
    if (type_of(*field) != ValueType::choice) continue;
    const std::string value =
        underscores == std::string::npos ? std::string() : name.substr(underscores + 2);
    if (const auto direction = value_of<Direction>(value);
        *field == Field::direction && direction) {
      group.choice = static_cast<int>(*direction);
    } else if (const auto kind = value_of<PaymentKind>(value); *field == Field::kind && kind) {
      group.choice = static_cast<int>(*kind);
    } else {
      fail("a group for a direction or kind is named like direction__incoming or kind__card");
    }
  }
  return pattern;
}

}  // namespace paymentctl
