#include "parse/format_file.hpp"

#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>
#include <tinyxml2.h>

#include "model/error.hpp"
#include "model/names.hpp"
#include "parse/folded_text.hpp"

namespace paymentctl {
namespace {

using tinyxml2::XMLElement;

constexpr int most_faults = 50;

class Reader {
 public:
  Reader(const FormatFile& file, Compiling compiling, const FormatLimits& limits)
      : file_(file), compiling_(compiling), limits_(limits) {
    if (file.text.size() > limits.size) {
      throw Error(ExitCode::config,
                  fmt::format("{}: the file is larger than {} KiB", file.name, limits.size / 1024));
    }
    if (document_.Parse(file.text.data(), file.text.size()) != tinyxml2::XML_SUCCESS) {
      throw Error(ExitCode::config, fmt::format("{} line {}: this is not XML: {}", file.name,
                                                document_.ErrorLineNum(), document_.ErrorName()));
    }
    for (const auto* node = document_.FirstChild(); node != nullptr; node = node->NextSibling()) {
      if (node->ToUnknown() != nullptr) {
        throw Error(ExitCode::config, fmt::format("{} line {}: a DOCTYPE is not allowed", file.name,
                                                  node->GetLineNum()));
      }
    }
    root_ = document_.RootElement();
    if (root_ == nullptr || std::string_view(root_->Name()) != "bank") {
      throw Error(ExitCode::config,
                  fmt::format("{}: the outermost element must be <bank>", file.name));
    }
  }

  BankFacts facts() {
    allow(*root_, {"id", "name", "code", "own_codes", "signs", "replace"});
    BankFacts facts;
    facts.id = required(*root_, "id");
    check_id(*root_, facts.id);
    facts.name = optional(*root_, "name");
    facts.code = optional(*root_, "code");
    if (!facts.code.empty() && (facts.code.size() != 4 || !digits_only(facts.code))) {
      fail(*root_, "code=\"" + facts.code + "\": a bank's code has four digits");
    }
    const std::string signs = optional(*root_, "signs");
    if (!signs.empty() && signs != "dkim") fail(*root_, "signs can only be \"dkim\"");
    facts.signs_dkim = signs == "dkim";
    for (const auto* sender = root_->FirstChildElement("sender"); sender != nullptr;
         sender = sender->NextSiblingElement("sender")) {
      allow(*sender, {"domain", "address"});
      const std::string domain = lower(optional(*sender, "domain"));
      const std::string address = lower(optional(*sender, "address"));
      if (domain.empty() == address.empty()) {
        fail(*sender, "<sender> has either a domain or an address");
      }
      if (!domain.empty() && (domain.find('.') == std::string::npos ||
                              domain.find('@') != std::string::npos || domain.front() == '.')) {
        fail(*sender, "domain=\"" + domain + "\" is no domain such as bank.example");
      }
      if (!address.empty() && address.find('@') == std::string::npos) {
        fail(*sender, "address=\"" + address + "\" is no address");
      }
      (domain.empty() ? facts.addresses : facts.domains).push_back(domain + address);
    }
    return facts;
  }

  bool replaces() { return flag(*root_, "replace"); }

  std::vector<std::string> ids() {
    std::vector<std::string> found;
    for (const auto* child = root_->FirstChildElement(); child != nullptr;
         child = child->NextSiblingElement()) {
      const char* id = child->Attribute("id");
      if (id != nullptr) found.emplace_back(id);
    }
    return found;
  }

  Bank bank() {
    Bank bank;
    bank.facts = facts();
    bank.replaces = replaces();
    bank.files.push_back(file_.name);
    if (!bank.facts.code.empty()) bank.own_codes.push_back(bank.facts.code);
    for (std::string& code : words_of(optional(*root_, "own_codes"))) {
      bank.own_codes.push_back(std::move(code));
    }
    std::string faults;
    int number = 0;
    for (const auto* child = root_->FirstChildElement(); child != nullptr;
         child = child->NextSiblingElement()) {
      try {
        add(*child, bank);
      } catch (const Error& error) {
        // One fault of each element: an author wants to see them all at once.
        faults += (faults.empty() ? "" : "\n") + std::string(error.what());
        if (++number == most_faults) break;
      }
    }
    if (!faults.empty()) throw Error(ExitCode::config, faults);
    return bank;
  }

 private:
  void add(const XMLElement& child, Bank& bank) {
    const std::string_view name = child.Name();
    Rule rule;
    if (name == "ignore") {
      rule.ignore = ignore(child);
    } else if (name == "format") {
      rule.format = format(child, bank);
    } else if (name == "footer") {
      footers_.push_back(folded(child));
      footer_definitions_.push_back(source_of(child));
      return;
    } else if (name == "sender") {
      return;
    } else {
      fail(child, "<" + std::string(name) + "> has no meaning in <bank>");
    }
    bank.rules.push_back(std::move(rule));
    if (bank.rules.size() > limits_.rules) fail(child, "too many formats and ignore rules");
  }

  [[noreturn]] void fail(const XMLElement& at, const std::string& message) const {
    throw Error(ExitCode::config,
                fmt::format("{} line {}: {}", file_.name, at.GetLineNum(), message));
  }

  template <typename Work>
  auto at(const XMLElement& element, Work work) {
    try {
      return work();
    } catch (Error& error) {
      error.in(fmt::format("{} line {}", file_.name, element.GetLineNum()));
      throw;
    }
  }

  static bool digits_only(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
  }

  static std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return text;
  }

  void check_id(const XMLElement& element, const std::string& id) const {
    if (id.empty() || id.size() > 60 ||
        id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
      fail(element, "id=\"" + id + "\": an id is small letters, digits and hyphens");
    }
  }

  void allow(const XMLElement& element, std::initializer_list<std::string_view> names) const {
    for (const auto* attribute = element.FirstAttribute(); attribute != nullptr;
         attribute = attribute->Next()) {
      if (std::find(names.begin(), names.end(), attribute->Name()) == names.end()) {
        fail(element, fmt::format("<{}> has no attribute {}", element.Name(), attribute->Name()));
      }
    }
  }

  static std::string optional(const XMLElement& element, const char* name) {
    const char* value = element.Attribute(name);
    return value == nullptr ? std::string() : std::string(value);
  }

  std::string required(const XMLElement& element, const char* name) const {
    std::string value = optional(element, name);
    if (value.empty()) fail(element, fmt::format("<{}> needs {}=\"…\"", element.Name(), name));
    return value;
  }

  bool flag(const XMLElement& element, const char* name) const {
    const std::string value = optional(element, name);
    if (value.empty() || value == "false") return false;
    if (value != "true") fail(element, std::string(name) + " is true or false");
    return true;
  }

  /// The element's own text, without that of its children, in one line.
  std::string text_of(const XMLElement& element) const {
    std::string text;
    for (const auto* node = element.FirstChild(); node != nullptr; node = node->NextSibling()) {
      if (node->ToText() != nullptr) text += node->Value();
      if (node->ToUnknown() != nullptr) fail(element, "a declaration is not allowed here");
    }
    std::string line;
    bool blank = false;
    for (const char c : text) {
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        blank = true;
        continue;
      }
      if (blank && !line.empty()) line.push_back(' ');
      blank = false;
      line.push_back(c);
    }
    return line;
  }

  std::string folded(const XMLElement& element) const {
    std::string words = fold_words(text_of(element));
    if (words.size() < 3) fail(element, "a footer needs at least three letters");
    return words;
  }

  std::string source_of(const XMLElement& element) const {
    tinyxml2::XMLPrinter printer;
    element.Accept(&printer);
    return printer.CStr();
  }

  std::vector<Preset> presets(const XMLElement& element) const {
    std::vector<Preset> found;
    if (const std::string kind = optional(element, "kind"); !kind.empty()) {
      const auto value = value_of<PaymentKind>(kind);
      if (!value) fail(element, "kind=\"" + kind + "\" is none of the known kinds");
      found.push_back({Field::kind, static_cast<int>(*value)});
    }
    if (const std::string direction = optional(element, "direction");
        !direction.empty() && direction != "both") {
      const auto value = value_of<Direction>(direction);
      if (!value) fail(element, "direction is incoming, outgoing or both");
      found.push_back({Field::direction, static_cast<int>(*value)});
    }
    return found;
  }

  Pattern phrase(const XMLElement& element, const std::string& text, Anchor anchor) {
    return at(element, [&] { return compile(parse_template(text), anchor); });
  }

  [[nodiscard]] Pattern compile(const std::vector<Node>& nodes, Anchor anchor) const {
    Pattern pattern = compile_pattern(nodes, anchor);
    if (compiling_ == Compiling::now) static_cast<void>(pattern.expression->compiled());
    return pattern;
  }

  IgnoreRule ignore(const XMLElement& element) {
    allow(element,
          {"id", "sender", "subject", "line", "sentence", "unless", "attachment", "reason"});
    IgnoreRule rule;
    rule.id = optional(element, "id");
    if (!rule.id.empty()) check_id(element, rule.id);
    rule.reason = required(element, "reason");
    static constexpr std::string_view reasons[] = {
        "balance",        "card authorisation", "statement",       "announcement",
        "card acquiring", "attachment only",    "service message", "order not executed"};
    if (std::find(std::begin(reasons), std::end(reasons), rule.reason) == std::end(reasons)) {
      fail(element, "reason=\"" + rule.reason + "\" is none of the known reasons");
    }
    const auto condition = [&](const char* name, Anchor anchor, std::optional<Pattern>& into) {
      const std::string text = optional(element, name);
      if (!text.empty()) into = phrase(element, text, anchor);
    };
    condition("subject", Anchor::search, rule.subject);
    condition("line", Anchor::line_start, rule.line);
    condition("sentence", Anchor::search, rule.sentence);
    condition("unless", Anchor::search, rule.unless);
    rule.file_type = optional(element, "attachment");
    if (rule.file_type == "true" || rule.file_type == "false") rule.file_type.clear();
    rule.attachment = !rule.file_type.empty() || flag(element, "attachment");
    rule.sender = lower(optional(element, "sender"));
    if (!rule.sender.empty() && rule.sender.find('@') == std::string::npos) {
      fail(element, "sender=\"" + rule.sender + "\" is no address");
    }
    if (rule.sender.empty() && !rule.subject && !rule.line && !rule.sentence) {
      fail(element, "<ignore> needs a sender, a subject, a line or a sentence");
    }
    rule.file_line = element.GetLineNum();
    rule.file = file_.name;
    rule.definition = source_of(element);
    return rule;
  }

  Format format(const XMLElement& element, const Bank& bank) {
    allow(element, {"id", "since", "direction", "kind", "twin", "sign", "unsigned", "separator"});
    Format format;
    format.facts.id = required(element, "id");
    check_id(element, format.facts.id);
    format.facts.bank = bank.facts.id;
    format.facts.since = optional(element, "since");
    format.facts.direction = optional(element, "direction");
    if (format.facts.direction.empty()) format.facts.direction = "both";
    format.facts.twins = words_of(optional(element, "twin"));
    format.facts.file = file_.name;
    format.facts.line = element.GetLineNum();
    format.definition = source_of(element);
    format.bank_footers = footer_definitions_;
    const std::string sign = optional(element, "sign");
    if (!sign.empty() && sign != "first") fail(element, "sign can only be \"first\"");
    format.sign_first = sign == "first";
    if (const std::string plain = optional(element, "unsigned"); !plain.empty()) {
      format.unsigned_direction = value_of<Direction>(plain);
      if (!format.unsigned_direction) fail(element, "unsigned is incoming or outgoing");
    }

    Layout whole;
    whole.presets = presets(element);
    whole.footers = footers_;
    whole.separator = fold_words(optional(element, "separator"));
    fill(element, whole, &format);
    if (format.block) {
      format.shared = whole;
    } else if (format.layouts.empty()) {
      format.layouts.push_back(std::move(whole));
    }
    check(element, format);
    return format;
  }

  static std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      if (end > at) words.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return words;
  }

  /// `format` is null inside a <layout>, where nothing nests any deeper.
  void fill(const XMLElement& element, Layout& layout, Format* format) {
    std::vector<std::size_t> before;
    for (const auto* child = element.FirstChildElement(); child != nullptr;
         child = child->NextSiblingElement()) {
      const std::string_view name = child->Name();
      if (name == "line" || name == "cell" || name == "sentence" || name == "subject") {
        layout.lines.push_back(line(*child, name));
        if (layout.lines.size() > limits_.lines) fail(*child, "too many lines");
      } else if (name == "footer") {
        layout.footers.push_back(folded(*child));
      } else if (name == "example" && format != nullptr) {
        format->facts.example = text_of(*child);
      } else if (name == "layout" && format != nullptr) {
        before.push_back(layout.lines.size());
        format->layouts.push_back(nested(*child, layout));
        if (format->layouts.size() > limits_.layouts) fail(*child, "too many layouts");
      } else if (name == "block" && format != nullptr && !format->block) {
        block(*child, layout, *format);
      } else {
        fail(*child, fmt::format("<{}> has no meaning in <{}>", name, element.Name()));
      }
    }
    if (!before.empty() && !format->block) {
      add_lines_behind(element, before, layout.lines, format->layouts);
    }
  }

  /// Lines beside <layout>s belong to each of them, in the order in which all of it is written:
  /// `before` says for each layout how many of `lines` stand before it and are in it already.
  void add_lines_behind(const XMLElement& element, const std::vector<std::size_t>& before,
                        const std::vector<LineSpec>& lines, std::vector<Layout>& layouts) const {
    for (std::size_t i = 0; i < layouts.size(); ++i) {
      const auto behind = lines.begin() + static_cast<std::ptrdiff_t>(before[i]);
      layouts[i].lines.insert(layouts[i].lines.end(), behind, lines.end());
      if (layouts[i].lines.size() > limits_.lines) fail(element, "too many lines");
    }
  }

  Layout nested(const XMLElement& element, const Layout& outer) {
    allow(element, {"kind", "direction"});
    Layout layout = outer;
    for (const Preset& preset : presets(element)) {
      std::erase_if(layout.presets, [&](const Preset& old) { return old.field == preset.field; });
      layout.presets.push_back(preset);
    }
    fill(element, layout, nullptr);
    if (layout.lines.size() == outer.lines.size()) fail(element, "<layout> has no lines");
    return layout;
  }

  void block(const XMLElement& element, const Layout& outer, Format& format) {
    allow(element, {"begin", "balances"});
    Block block;
    const std::string balances = optional(element, "balances");
    if (!balances.empty() && balances != "add-up") fail(element, "balances can only be \"add-up\"");
    block.balances_add_up = balances == "add-up";
    block.begin = phrase(element, required(element, "begin"), Anchor::search);
    Layout own;
    own.presets = outer.presets;
    own.footers = outer.footers;
    own.separator = outer.separator;
    std::vector<Layout> layouts;
    std::vector<std::size_t> before;
    for (const auto* child = element.FirstChildElement(); child != nullptr;
         child = child->NextSiblingElement()) {
      const std::string_view name = child->Name();
      if (name == "ignore") {
        block.ignores.push_back(ignore(*child));
      } else if (name == "layout") {
        before.push_back(own.lines.size());
        layouts.push_back(nested(*child, own));
      } else if (name == "line" || name == "cell" || name == "sentence") {
        own.lines.push_back(line(*child, name));
      } else {
        fail(*child, fmt::format("<{}> has no meaning in <block>", name));
      }
      if (layouts.size() > limits_.layouts || own.lines.size() > limits_.lines) {
        fail(*child, "too many lines or layouts");
      }
    }
    add_lines_behind(element, before, own.lines, layouts);
    if (layouts.empty() && !own.lines.empty()) layouts.push_back(std::move(own));
    if (layouts.empty()) fail(element, "<block> has no lines");
    if (!format.layouts.empty()) fail(element, "layouts stand inside the <block>");
    format.layouts = std::move(layouts);
    format.block = std::move(block);
  }

  LineSpec line(const XMLElement& element, std::string_view name) {
    allow(element, {"optional", "multiline", "label", "kind", "direction"});
    LineSpec spec;
    spec.kind = name == "line"       ? LineSpec::Kind::line
                : name == "cell"     ? LineSpec::Kind::cell
                : name == "sentence" ? LineSpec::Kind::sentence
                                     : LineSpec::Kind::subject;
    spec.required = !flag(element, "optional");
    spec.multiline = flag(element, "multiline");
    spec.presets = presets(element);
    spec.file_line = element.GetLineNum();
    const std::string label = optional(element, "label");
    spec.text = label + text_of(element);
    at(element, [&] {
      if (spec.kind == LineSpec::Kind::sentence || spec.kind == LineSpec::Kind::subject) {
        free_pattern(element, spec);
      } else {
        labelled(element, spec, label);
      }
    });
    return spec;
  }

  /// The one <regex> of an element in place of a template.
  static const XMLElement* regex_of(const XMLElement& element) {
    return element.FirstChildElement("regex");
  }

  void free_pattern(const XMLElement& element, LineSpec& spec) {
    ValuePattern value;
    value.shape = ValuePattern::Shape::general;
    if (const XMLElement* regex = regex_of(element)) {
      count_regex(*regex);
      value.pattern = compile_regex(text_of(*regex), Anchor::search);
      spec.text = text_of(*regex);
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

  void count_regex(const XMLElement& element) {
    if (++regexes_ > 50) fail(element, "a file may hold at most 50 <regex>");
  }

  void labelled(const XMLElement& element, LineSpec& spec, const std::string& label) {
    std::vector<Node> nodes = parse_template(label.empty() ? text_of(element) : label);
    std::vector<Node> rest = take_label(nodes, spec);
    if (!label.empty()) {
      if (!rest.empty() || spec.whole)
        throw Error(ExitCode::config, "label=\"…\" takes words only");
      if (!text_of(element).empty()) {
        throw Error(ExitCode::config, "text stands in <value> where label=\"…\" is given");
      }
    } else {
      spec.values.push_back(value_pattern(rest, spec));
    }
    for (const auto* child = element.FirstChildElement(); child != nullptr;
         child = child->NextSiblingElement()) {
      const std::string_view name = child->Name();
      if (label.empty() || (name != "value" && name != "regex")) {
        fail(*child, fmt::format("<{}> belongs into a <line label=\"…\">", name));
      }
      at(*child, [&] { spec.values.push_back(alternative(*child, spec)); });
      spec.text += (spec.values.size() > 1 ? " | " : " ") + text_of(*child);
    }
    if (spec.values.empty()) spec.values.emplace_back();
  }

  ValuePattern alternative(const XMLElement& element, LineSpec& spec) {
    if (std::string_view(element.Name()) == "value") {
      allow(element, {"kind", "direction"});
      ValuePattern value = value_pattern(parse_template(text_of(element)), spec);
      value.presets = presets(element);
      return value;
    }
    count_regex(element);
    ValuePattern value;
    value.shape = ValuePattern::Shape::general;
    value.pattern = compile_regex(text_of(element), Anchor::whole);
    for (const Group& group : value.pattern.groups) note_field(spec, group.field);
    return value;
  }

  static void note_field(LineSpec& spec, Field field) {
    if (is_free_text(field)) spec.free_text = true;
    if (is_payers_words(field)) spec.payers_words = true;
  }

  /// Takes the words off the front of the template that tell the line; what is left is its value.
  std::vector<Node> take_label(std::vector<Node>& nodes, LineSpec& spec) {
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
        !rest.front().children.empty() &&
        rest.front().children.front().kind == Node::Kind::literal) {
      labels.front().words = rest.front().children.front().text;
      spec.whole = true;
    }
    for (Label& label : labels) {
      label.words = tidy(label.words);
      if (label.words.empty()) {
        throw Error(ExitCode::config, "a line begins with words of the bank, not with a field");
      }
    }
    spec.labels = std::move(labels);
    return rest;
  }

  static bool wild(const Node& node) {
    return std::any_of(node.choices.begin(), node.choices.end(), [](const Choice& choice) {
      return choice.words.find('*') != std::string::npos;
    });
  }

  std::vector<Label> multiplied(const std::vector<Label>& labels, const Node& node) const {
    std::vector<Label> result;
    for (const Label& label : labels) {
      for (const Choice& choice : node.choices) {
        Label made = label;
        made.words += choice.words;
        if (node.sets_field) made.presets.push_back({node.field, choice.value});
        result.push_back(std::move(made));
      }
    }
    if (result.size() > limits_.labels)
      throw Error(ExitCode::config, "too many choices in a label");
    return result;
  }

  /// One form for comparing: no blanks around colons, none at the ends.
  static std::string tidy(const std::string& words) {
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

  ValuePattern value_pattern(const std::vector<Node>& all, LineSpec& spec) {
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
      value.shape = first.type == ValueType::amount ? ValuePattern::Shape::amount
                                                    : ValuePattern::Shape::single;
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

  static std::string completion_of(const std::vector<Node>& nodes) {
    for (const Node& node : nodes) {
      if (node.kind == Node::Kind::field && node.field == Field::own_account &&
          !node.text.empty()) {
        return node.text;
      }
      if (std::string found = completion_of(node.children); !found.empty()) return found;
    }
    return {};
  }

  static void build_index(Layout& layout) {
    std::vector<LabelIndex::Entry> entries;
    for (std::size_t line = 0; line < layout.lines.size(); ++line) {
      const std::vector<Label>& labels = layout.lines[line].labels;
      for (std::size_t label = 0; label < labels.size(); ++label) {
        entries.push_back({labels[label].words, static_cast<int>(line), static_cast<int>(label)});
      }
    }
    for (const std::string& footer : layout.footers) entries.push_back({footer, -1, 0});
    const auto first = [](const LabelIndex::Entry& entry) {
      return static_cast<unsigned char>(entry.words.front());
    };
    std::stable_sort(entries.begin(), entries.end(), [&](const auto& a, const auto& b) {
      return first(a) != first(b) ? first(a) < first(b) : a.words.size() > b.words.size();
    });
    layout.index.entries = std::move(entries);
    std::size_t at = 0;
    for (std::size_t byte = 0; byte <= 256; ++byte) {
      while (at < layout.index.entries.size() && first(layout.index.entries[at]) < byte) ++at;
      layout.index.starts[byte] = static_cast<std::uint16_t>(at);
    }
  }

  void check(const XMLElement& element, Format& format) {
    for (Layout& layout : format.layouts) build_index(layout);
    if (format.shared) build_index(*format.shared);
    std::vector<Field> fields;
    const auto gather = [&fields](const Layout& layout) {
      for (const LineSpec& spec : layout.lines) {
        for (const ValuePattern& value : spec.values) {
          if (value.shape == ValuePattern::Shape::general) {
            for (const Group& group : value.pattern.groups) fields.push_back(group.field);
          } else if (value.shape != ValuePattern::Shape::nothing) {
            fields.push_back(value.field);
          }
        }
      }
    };
    for (const Layout& layout : format.layouts) {
      gather(layout);
      if (std::none_of(layout.lines.begin(), layout.lines.end(),
                       [](const LineSpec& spec) { return spec.required; })) {
        fail(element, "every line is optional: any mail would do");
      }
    }
    if (format.shared) gather(*format.shared);
    const auto has = [&fields](Field field) {
      return std::find(fields.begin(), fields.end(), field) != fields.end();
    };
    if (!has(Field::amount)) fail(element, "the format has no {amount}");
    format.facts.states_balance = has(Field::balance);
    format.facts.states_time = has(Field::booked_time);
    format.facts.states_reference = has(Field::bank_reference);
    format.facts.states_symbols = has(Field::variable_symbol);
  }

  const FormatFile& file_;
  const Compiling compiling_;
  const FormatLimits& limits_;
  tinyxml2::XMLDocument document_{true, tinyxml2::PRESERVE_WHITESPACE};
  const XMLElement* root_ = nullptr;
  std::vector<std::string> footers_;
  std::vector<std::string> footer_definitions_;
  int regexes_ = 0;
};

}  // namespace

FileOutline outline_of(const FormatFile& file) {
  const FormatLimits limits;
  Reader reader(file, Compiling::when_needed, limits);
  FileOutline outline;
  outline.facts = reader.facts();
  outline.ids = reader.ids();
  outline.replaces = reader.replaces();
  return outline;
}

Bank compile_bank(const FormatFile& file, Compiling compiling, const FormatLimits& limits) {
  return Reader(file, compiling, limits).bank();
}

}  // namespace paymentctl
