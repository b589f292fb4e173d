#include "parse/template.hpp"

#include <algorithm>
#include <utility>

#include "model/error.hpp"
#include "model/names.hpp"
#include "parse/folded_text.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_text = 2000;
constexpr int most_depth = 6;

[[noreturn]] void refuse(const std::string& message) { throw Error(ExitCode::config, message); }

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
    if (at_ < text_.size()) refuse("there is a '" + std::string(1, text_[at_]) + "' too many");
    return nodes;
  }

 private:
  [[nodiscard]] bool ended() const { return at_ >= text_.size(); }

  std::vector<Node> items(char closing, int depth) {
    if (depth > most_depth) refuse("brackets and braces are nested too deeply");
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
        refuse(std::string("there is a '") + c + "' too many");
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
    if (ended()) refuse("a '[' is never closed");
    ++at_;
    if (node.kind == Node::Kind::any_order) {
      for (const Node& child : node.children) {
        if (child.kind != Node::Kind::optional) refuse("[~…] may hold only […]");
      }
      if (node.children.size() < 2 || node.children.size() > 4)
        refuse("[~…] takes two to four […]");
    }
    if (node.children.empty()) refuse("there is nothing in '[]'");
    return node;
  }

  std::string_view until(std::string_view stops) {
    const std::size_t end = std::min(text_.find_first_of(stops, at_), text_.size());
    if (end == text_.size()) refuse("a '{' is never closed");
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
    if (!known) refuse("there is no field {" + name + "}");
    node.field = *known;
    node.type = type_of(*known);
    node.kind = node.type == ValueType::choice ? Node::Kind::choice : Node::Kind::field;
    if (text_[at_] == '=') {
      if (node.type != ValueType::text) refuse("{" + name + "=…} takes text fields only");
      ++at_;
      node.kind = Node::Kind::capture;
      node.children = items('}', depth + 1);
      if (ended()) refuse("a '{' is never closed");
    } else if (text_[at_] == ':') {
      ++at_;
      arguments(node, name);
    }
    if (node.kind == Node::Kind::choice && node.choices.empty()) {
      refuse("{" + name + "} needs its words: {" + name + ":word=value|…}");
    }
    if (!ended() && text_[at_] == '?') {
      node.may_be_empty = true;
      ++at_;
    }
    return closed(node);
  }

  Node closed(Node& node) {
    if (ended() || text_[at_] != '}') refuse("a '{' is not closed as it should be");
    ++at_;
    return std::move(node);
  }

  void arguments(Node& node, const std::string& name) {
    if (node.kind == Node::Kind::choice) return choices(node);
    const std::string_view argument = until("}?");
    if (node.field == Field::any) {
      const auto type = type_named(argument);
      if (!type) refuse("{any:" + std::string(argument) + "}: there is no such kind of value");
      node.type = *type;
    } else if (node.type == ValueType::account) {
      node.text = std::string(argument);
      if (std::count(argument.begin(), argument.end(), '#') != 1) {
        refuse("{" + name + ":…} needs one '#' where the printed digits belong");
      }
    } else {
      refuse("{" + name + ":…}: this field takes nothing behind a colon");
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
        if (equals == std::string_view::npos) refuse("a choice is written word=value");
        choice.value = value_named(node.field, piece.substr(equals + 1));
        piece = piece.substr(0, equals);
      }
      choice.words = fold_words(piece);
      if (choice.words.empty()) refuse("a choice has no words");
      node.choices.push_back(std::move(choice));
      if (bar == rest.size()) break;
      rest.remove_prefix(bar + 1);
    }
    if (node.choices.size() > 32) refuse("more than 32 choices");
  }

  static int value_named(Field field, std::string_view value) {
    if (field == Field::direction) {
      if (const auto direction = value_of<Direction>(value)) return static_cast<int>(*direction);
      refuse("a direction is incoming or outgoing, not '" + std::string(value) + "'");
    }
    if (const auto kind = value_of<PaymentKind>(value)) return static_cast<int>(*kind);
    refuse("a kind is transfer, card, cash, fee, interest, loan or other, not '" +
           std::string(value) + "'");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Node> parse_template(std::string_view text) {
  if (text.size() > most_text) refuse("the line is longer than 2000 bytes");
  return Parser(text).all();
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
