#include "parse/template.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/error.hpp"
#include "model/names.hpp"
#include "parse/folded_text.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_text = 2000;
constexpr int most_depth = 6;

[[noreturn]] void fail(const std::string& message) { throw Error(ExitCode::config, message); }

/// Folds a literal piece and keeps one blank at each end where one was.
std::string fold_literal(std::string_view text) {
  std::string words = fold_words(text);
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  if (text.empty()) return words;
  if (words.empty()) return " ";
  if (blank(text.front())) words.insert(0, " ");
  if (blank(text.back())) words.push_back(' ');
  return words;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<Node> all() {
    std::vector<Node> nodes = items('\0', 0);
    if (at_ < text_.size()) fail("there is a '" + std::string(1, text_[at_]) + "' too many");
    return nodes;
  }

 private:
  [[nodiscard]] bool ended() const { return at_ >= text_.size(); }

  std::vector<Node> items(char closing, int depth) {
    if (depth > most_depth) fail("brackets and braces are nested too deeply");
    std::vector<Node> nodes;
    std::string literal;
    const auto flush = [&] {
      if (literal.empty()) return;
      Node node;
      node.text = fold_literal(literal);
      nodes.push_back(std::move(node));
      literal.clear();
    };
    while (!ended() && text_[at_] != closing) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        literal.push_back(text_[at_ + 1]);
        at_ += 2;
      } else if (c == '{') {
        flush();
        ++at_;
        nodes.push_back(field(depth));
      } else if (c == '[') {
        flush();
        ++at_;
        nodes.push_back(bracket(depth));
      } else if (c == ']' || c == '}') {
        fail(std::string("there is a '") + c + "' too many");
      } else {
        literal.push_back(c);
        ++at_;
      }
    }
    flush();
    return nodes;
  }

  Node bracket(int depth) {
    Node node;
    node.kind = Node::Kind::optional;
    if (!ended() && text_[at_] == '~') {
      ++at_;
      node.kind = Node::Kind::any_order;
    }
    node.children = items(']', depth + 1);
    if (ended()) fail("a '[' is never closed");
    ++at_;
    if (node.kind == Node::Kind::any_order) {
      for (const Node& child : node.children) {
        if (child.kind != Node::Kind::optional) fail("[~…] may hold only […]");
      }
      if (node.children.size() < 2 || node.children.size() > 4) fail("[~…] takes two to four […]");
    }
    if (node.children.empty()) fail("there is nothing in '[]'");
    return node;
  }

  std::string_view until(std::string_view stops) {
    const std::size_t end = std::min(text_.find_first_of(stops, at_), text_.size());
    if (end == text_.size()) fail("a '{' is never closed");
    const std::string_view piece = text_.substr(at_, end - at_);
    at_ = end;
    return piece;
  }

  Node field(int depth) {
    Node node;
    const std::string name(until("}:?="));
    if (name.empty() && text_[at_] == ':') {
      node.kind = Node::Kind::choice;
      node.sets_field = false;
      ++at_;
      choices(node);
      return closed(node);
    }
    const auto known = field_named(name);
    if (!known) fail("there is no field {" + name + "}");
    node.field = *known;
    node.type = type_of(*known);
    node.kind = node.type == ValueType::choice ? Node::Kind::choice : Node::Kind::field;
    if (text_[at_] == '=') {
      if (node.type != ValueType::text) fail("{" + name + "=…} takes text fields only");
      ++at_;
      node.kind = Node::Kind::capture;
      node.children = items('}', depth + 1);
      if (ended()) fail("a '{' is never closed");
    } else if (text_[at_] == ':') {
      ++at_;
      arguments(node, name);
    }
    if (node.kind == Node::Kind::choice && node.choices.empty()) {
      fail("{" + name + "} needs its words: {" + name + ":word=value|…}");
    }
    if (!ended() && text_[at_] == '?') {
      node.may_be_empty = true;
      ++at_;
    }
    return closed(node);
  }

  Node closed(Node& node) {
    if (ended() || text_[at_] != '}') fail("a '{' is not closed as it should be");
    ++at_;
    return std::move(node);
  }

  void arguments(Node& node, const std::string& name) {
    if (node.kind == Node::Kind::choice) return choices(node);
    const std::string_view argument = until("}?");
    if (node.field == Field::any) {
      const auto type = type_named(argument);
      if (!type) fail("{any:" + std::string(argument) + "}: there is no such kind of value");
      node.type = *type;
    } else if (node.type == ValueType::account) {
      node.text = std::string(argument);
      if (std::count(argument.begin(), argument.end(), '#') != 1) {
        fail("{" + name + ":…} needs one '#' where the printed digits belong");
      }
    } else {
      fail("{" + name + ":…}: this field takes nothing behind a colon");
    }
  }

  void choices(Node& node) {
    std::string_view rest = until("}");
    while (true) {
      const std::size_t bar = std::min(rest.find('|'), rest.size());
      std::string_view piece = rest.substr(0, bar);
      Choice choice;
      if (node.sets_field) {
        const std::size_t equals = piece.rfind('=');
        if (equals == std::string_view::npos) fail("a choice is written word=value");
        choice.value = value_named(node.field, piece.substr(equals + 1));
        piece = piece.substr(0, equals);
      }
      choice.words = fold_words(piece);
      if (choice.words.empty()) fail("a choice has no words");
      node.choices.push_back(std::move(choice));
      if (bar == rest.size()) break;
      rest.remove_prefix(bar + 1);
    }
    if (node.choices.size() > 32) fail("more than 32 choices");
  }

  static int value_named(Field field, std::string_view value) {
    if (field == Field::direction) {
      if (const auto direction = value_of<Direction>(value)) return static_cast<int>(*direction);
      fail("a direction is incoming or outgoing, not '" + std::string(value) + "'");
    }
    if (const auto kind = value_of<PaymentKind>(value)) return static_cast<int>(*kind);
    fail("a kind is transfer, card, cash, fee, interest, loan or other, not '" +
         std::string(value) + "'");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

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
    {"ad|cz|es|md|pk|ro|sa|se|sk|tn|vg", 24},
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

/// All countries in one: the longest number begins first, and where only as much of it is left as
/// another country has, that one joins in.
std::string iban_expression() {
  std::string text;
  int before = iban_lengths.back().second;
  for (auto entry = iban_lengths.rbegin(); entry != iban_lengths.rend(); ++entry) {
    const auto& [countries, length] = *entry;
    const std::string begin = "(?:" + std::string(countries) + ")[0-9]{2}";
    if (!text.empty()) {
      text =
          "(?:" + text + "(?: ?[a-z0-9]){" + std::to_string(before - length) + "}|" + begin + ")";
    } else {
      text = begin;
    }
    before = length;
  }
  return text + "(?: ?[a-z0-9]){" + std::to_string(before - 4) + "}(?:/[0-9]{0,4})?";
}

std::string account_expression() {
  return iban_expression() +
         "|(?:[0-9]{1,6}-)?[0-9]{2,17}/[0-9]{4}|(?:[0-9]{1,6}-)?[0-9]{2,17}/?|"
         "[0-9.*x-]*[.*x][0-9.*x-]*(?:/[0-9]{4})?|/(?:[0-9]{4})?|\\*";
}

std::string expression_of(ValueType type) {
  static const std::string account = account_expression();
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
      return account;
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
        return any_order(node);
    }
    return {};
  }

  std::string any_order(const Node& node) {
    std::vector<std::size_t> order(node.children.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::string text = "(?:";
    do {
      if (text.size() > 3) text += "|";
      for (const std::size_t i : order) {
        text += "(?:" + sequence(node.children[i].children, false) + ")?";
      }
    } while (std::next_permutation(order.begin(), order.end()) && text.size() < 20000);
    return text + ")";
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
      for (std::string& run : runs_of(words)) remember({{std::move(run)}});
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
      if (!run.empty()) runs.emplace_back(run);
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

const RE2& Expression::compiled() const {
  std::call_once(once_, [this] {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(2 << 20);
    options.set_encoding(RE2::Options::EncodingUTF8);
    auto made = std::make_unique<const RE2>(text_, options);
    if (!made->ok()) fail("the pattern cannot be compiled: " + made->error());
    compiled_ = std::move(made);
  });
  return *compiled_;
}

bool Pattern::may_be_in(const FoldedText& folded, Region region) const {
  for (const std::vector<Words>& alternatives : words) {
    const bool any = std::any_of(alternatives.begin(), alternatives.end(), [&](const Words& runs) {
      return std::all_of(runs.begin(), runs.end(),
                         [&](const std::string& run) { return folded.trigrams.may_hold(run); });
    });
    if (!any) return false;
  }
  const std::string_view text = folded.view(region);
  std::size_t at = 0;
  for (const std::vector<Words>& alternatives : words) {
    // Whichever ends first: what follows it may stand there.
    std::size_t nearest = std::string_view::npos;
    for (const Words& runs : alternatives) {
      std::size_t end = at;
      for (const std::string& run : runs) {
        end = text.find(run, end);
        if (end == std::string_view::npos) break;
        end += run.size();
      }
      nearest = std::min(nearest, end);
    }
    if (nearest == std::string_view::npos) return false;
    at = nearest;
  }
  return true;
}

std::vector<Node> parse_template(std::string_view text) {
  if (text.size() > most_text) fail("the line is longer than 2000 bytes");
  return Parser(text).all();
}

Pattern compile_pattern(const std::vector<Node>& nodes, Anchor anchor) {
  Pattern pattern;
  const std::string expression =
      Builder(pattern, anchor == Anchor::line_start).sequence(nodes, true);
  if (pattern.groups.size() > 120) fail("the line has too many fields and choices");
  pattern.expression = std::make_shared<const Expression>(anchored(expression, anchor));
  return pattern;
}

Pattern compile_regex(std::string_view expression, Anchor anchor) {
  if (expression.size() > most_text) fail("the expression is longer than 2000 bytes");
  Pattern pattern;
  pattern.expression =
      std::make_shared<const Expression>(anchored(std::string(expression), anchor));
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

void collect_fields(const std::vector<Node>& nodes, std::vector<Field>& fields) {
  for (const Node& node : nodes) {
    if (node.kind == Node::Kind::field || node.kind == Node::Kind::capture ||
        (node.kind == Node::Kind::choice && node.sets_field)) {
      fields.push_back(node.field);
    }
    collect_fields(node.children, fields);
  }
}

}  // namespace paymentctl
