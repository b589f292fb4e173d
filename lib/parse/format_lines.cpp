#include "parse/format_lines.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "model/error.hpp"

namespace paymentctl {
namespace {

/// The one <regex> of an element in place of a template.
const FormatSource::Element* regex_of(const FormatSource::Element& element) {
  return element.FirstChildElement("regex");
}

void note_field(LineSpec& spec, Field field) {
  if (is_free_text(field)) spec.free_text = true;
  if (is_payers_words(field)) spec.payers_words = true;
}

bool wild(const Node& node) {
  return std::any_of(node.choices.begin(), node.choices.end(), [](const Choice& choice) {
    return choice.words.find('*') != std::string::npos;
  });
}

std::vector<Trigrams::Word> parts_of(std::string_view words) {
  std::vector<Trigrams::Word> parts;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find_first_of(" :"), words.size());
    if (end > 0) parts.emplace_back(std::string(words.substr(0, end)));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return parts;
}

/// One form for comparing: no blanks around colons, none at the ends.
std::string tidy(const std::string& words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char c = words[i];
    if (c == ' ' && (result.empty() || result.back() == ':' || result.back() == ' ')) continue;
    if (c == ':' && !result.empty() && result.back() == ' ') result.pop_back();
    result.push_back(c);
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

std::string completion_of(const std::vector<Node>& nodes) {
  for (const Node& node : nodes) {
    if (node.kind == Node::Kind::field && node.field == Field::own_account && !node.text.empty()) {
      return node.text;
    }
    if (std::string found = completion_of(node.children); !found.empty()) return found;
  }
  return {};
}

}  // namespace

LineSpec FormatLines::line(const Element& element, std::string_view name) {
  source_.allow(element, {"optional", "multiline", "label", "kind", "direction"});
  LineSpec spec;
  spec.kind = name == "line"       ? LineSpec::Kind::line
              : name == "cell"     ? LineSpec::Kind::cell
              : name == "sentence" ? LineSpec::Kind::sentence
                                   : LineSpec::Kind::subject;
  spec.required = !source_.flag(element, "optional");
  spec.multiline = source_.flag(element, "multiline");
  spec.presets = source_.presets(element);
  spec.file_line = element.GetLineNum();
  const std::string label = source_.optional(element, "label");
  spec.text = label + source_.text_of(element);
  source_.at(element, [&] {
    if (spec.kind == LineSpec::Kind::sentence || spec.kind == LineSpec::Kind::subject) {
      free_pattern(element, spec);
    } else {
      labelled(element, spec, label);
    }
  });
  return spec;
}

Pattern FormatLines::phrase(const Element& element, const std::string& text, Anchor anchor) const {
  return source_.at(element, [&] { return compile(parse_template(text), anchor); });
}

Pattern FormatLines::compile(const std::vector<Node>& nodes, Anchor anchor) const {
  Pattern pattern = compile_pattern(nodes, anchor);
  if (compiling_ == Compiling::now) static_cast<void>(pattern.expression->compiled());
  return pattern;
}

void FormatLines::free_pattern(const Element& element, LineSpec& spec) {
  ValuePattern value;
  value.shape = ValuePattern::Shape::general;
  if (const Element* regex = regex_of(element)) {
    count_regex(*regex);
    value.pattern = compile_regex(source_.text_of(*regex), Anchor::search);
    spec.text = source_.text_of(*regex);
  } else {
    const std::vector<Node> nodes = parse_template(spec.text);
    if (nodes.empty()) throw Error(ExitCode::config, "there are no words");
    if (const Node& last = nodes.back();
        last.kind == Node::Kind::field && last.type == ValueType::text) {
      throw Error(ExitCode::config, "a sentence cannot end with a free text");
    }
    value.pattern = compile(nodes, Anchor::search);
    value.completion = completion_of(nodes);
  }
  for (const Group& group : value.pattern.groups) note_field(spec, group.field);
  spec.free_text = false;
  spec.values.push_back(std::move(value));
}

void FormatLines::count_regex(const Element& element) {
  if (++regexes_ > 50) source_.fail(element, "a file may hold at most 50 <regex>");
}

void FormatLines::labelled(const Element& element, LineSpec& spec, const std::string& label) {
  std::vector<Node> nodes = parse_template(label.empty() ? source_.text_of(element) : label);
  std::vector<Node> rest = take_label(nodes, spec);
  if (!label.empty()) {
    if (!rest.empty() || spec.whole) throw Error(ExitCode::config, "label=\"…\" takes words only");
    if (!source_.text_of(element).empty()) {
      throw Error(ExitCode::config, "text stands in <value> where label=\"…\" is given");
    }
  } else {
    spec.values.push_back(value_pattern(rest, spec));
  }
  for (const auto* child = element.FirstChildElement(); child != nullptr;
       child = child->NextSiblingElement()) {
    const std::string_view name = child->Name();
    if (label.empty() || (name != "value" && name != "regex")) {
      source_.fail(*child, fmt::format("<{}> belongs into a <line label=\"…\">", name));
    }
    source_.at(*child, [&] { spec.values.push_back(alternative(*child, spec)); });
    spec.text += (spec.values.size() > 1 ? " | " : " ") + source_.text_of(*child);
  }
  if (spec.values.empty()) spec.values.emplace_back();
}

ValuePattern FormatLines::alternative(const Element& element, LineSpec& spec) {
  if (std::string_view(element.Name()) == "value") {
    source_.allow(element, {"kind", "direction"});
    ValuePattern value = value_pattern(parse_template(source_.text_of(element)), spec);
    value.presets = source_.presets(element);
    return value;
  }
  count_regex(element);
  ValuePattern value;
  value.shape = ValuePattern::Shape::general;
  value.pattern = compile_regex(source_.text_of(element), Anchor::whole);
  for (const Group& group : value.pattern.groups) note_field(spec, group.field);
  return value;
}

std::vector<Node> FormatLines::take_label(std::vector<Node>& nodes, LineSpec& spec) {
  std::vector<Label> labels(1);
  std::size_t used = 0;
  const auto ends_in_colon = [&] {
    const std::string& words = labels.front().words;
    return !words.empty() && words.find_last_not_of(' ') != std::string::npos &&
           words[words.find_last_not_of(' ')] == ':';
  };
  for (; used < nodes.size(); ++used) {
    Node& node = nodes[used];
    if (ends_in_colon()) break;
    if (node.kind == Node::Kind::literal) {
      for (Label& label : labels) label.words += node.text;
    } else if (node.kind == Node::Kind::choice && !wild(node) &&
               spec.kind == LineSpec::Kind::line) {
      labels = multiplied(labels, node);
    } else {
      break;
    }
  }
  std::vector<Node> rest(std::make_move_iterator(nodes.begin() + static_cast<long>(used)),
                         std::make_move_iterator(nodes.end()));
  if (used == 0 && !rest.empty() && rest.front().kind == Node::Kind::capture &&
      !rest.front().children.empty() && rest.front().children.front().kind == Node::Kind::literal) {
    labels.front().words = rest.front().children.front().text;
    spec.whole = true;
  }
  for (Label& label : labels) {
    label.words = tidy(label.words);
    if (label.words.empty()) {
      throw Error(ExitCode::config, "a line begins with words of the bank, not with a field");
    }
    label.parts = parts_of(label.words);
  }
  spec.labels = std::move(labels);
  return rest;
}

std::vector<Label> FormatLines::multiplied(const std::vector<Label>& labels,
                                           const Node& node) const {
  std::vector<Label> result;
  for (const Label& label : labels) {
    for (const Choice& choice : node.choices) {
      Label made = label;
      made.words += choice.words;
      if (node.sets_field) made.presets.push_back({node.field, choice.value});
      result.push_back(std::move(made));
    }
  }
  if (result.size() > limits_.labels) throw Error(ExitCode::config, "too many choices in a label");
  return result;
}

ValuePattern FormatLines::value_pattern(const std::vector<Node>& all, LineSpec& spec) {
  std::vector<Node> nodes = all;
  const auto blank = [](const Node& node) {
    return node.kind == Node::Kind::literal && node.text == " ";
  };
  while (!nodes.empty() && blank(nodes.front())) nodes.erase(nodes.begin());
  while (!nodes.empty() && blank(nodes.back())) nodes.pop_back();
  ValuePattern value;
  if (nodes.empty()) return value;
  std::vector<Field> fields;
  collect_fields(nodes, fields);
  for (const Field field : fields) note_field(spec, field);
  const Node& first = nodes.front();
  if (nodes.size() == 1 && first.kind == Node::Kind::field) {
    value.shape =
        first.type == ValueType::amount ? ValuePattern::Shape::amount : ValuePattern::Shape::single;
    if (first.field == Field::any && first.type != ValueType::text) {
      value.shape = ValuePattern::Shape::general;
    }
    value.field = first.field;
    value.may_be_empty = first.may_be_empty;
    value.completion = first.text;
  } else if (nodes.size() == 1 && first.kind == Node::Kind::choice && first.sets_field &&
             !wild(first)) {
    value.shape = ValuePattern::Shape::choice;
    value.field = first.field;
    value.may_be_empty = first.may_be_empty;
    value.choices = first.choices;
  } else if (nodes.size() == 3 && first.kind == Node::Kind::field &&
             first.type == ValueType::amount && first.field != Field::any && blank(nodes[1]) &&
             nodes[2].kind == Node::Kind::field && nodes[2].type == ValueType::currency) {
    value.shape = ValuePattern::Shape::amount;
    value.field = first.field;
    value.currency = nodes[2].field;
    value.takes_currency = true;
    value.may_be_empty = first.may_be_empty;
    value.currency_required = !nodes[2].may_be_empty;
  } else {
    value.shape = ValuePattern::Shape::general;
  }
  if (value.shape == ValuePattern::Shape::general) {
    value.pattern = compile(nodes, Anchor::whole);
    value.completion = completion_of(nodes);
  }
  return value;
}

}  // namespace paymentctl
