#include "parse/format_file.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <tinyxml2.h>

#include "model/ascii.hpp"
#include "model/error.hpp"
#include "model/names.hpp"
#include "parse/folded_text.hpp"
#include "parse/format_lines.hpp"
#include "parse/format_source.hpp"

namespace paymentctl {
namespace {

using XMLElement = FormatSource::Element;

constexpr int most_faults = 50;

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

void build_index(Layout& layout) {
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

class Reader {
 public:
  Reader(const FormatFile& file, Compiling compiling, const FormatLimits& limits)
      : source_(file, limits), lines_(source_, compiling, limits), limits_(limits) {}

  BankFacts facts() {
    source_.allow(source_.root(), {"id", "name", "code", "own_codes", "signs", "replace"});
    BankFacts facts;
    facts.id = source_.required(source_.root(), "id");
    source_.check_id(source_.root(), facts.id);
    facts.name = source_.optional(source_.root(), "name");
    facts.code = source_.optional(source_.root(), "code");
    if (!facts.code.empty() && (facts.code.size() != 4 || !ascii::digits_only(facts.code))) {
      source_.fail(source_.root(), "code=\"" + facts.code + "\": a bank's code has four digits");
    }
    const std::string signs = source_.optional(source_.root(), "signs");
    if (!signs.empty() && signs != "dkim")
      source_.fail(source_.root(), "signs can only be \"dkim\"");
    facts.signs_dkim = signs == "dkim";
    for (const auto* sender = source_.root().FirstChildElement("sender"); sender != nullptr;
         sender = sender->NextSiblingElement("sender")) {
      source_.allow(*sender, {"domain", "address"});
      const std::string domain = ascii::lower(source_.optional(*sender, "domain"));
      const std::string address = ascii::lower(source_.optional(*sender, "address"));
      if (domain.empty() == address.empty()) {
        source_.fail(*sender, "<sender> has either a domain or an address");
      }
      if (!domain.empty() && (domain.find('.') == std::string::npos ||
                              domain.find('@') != std::string::npos || domain.front() == '.')) {
        source_.fail(*sender, "domain=\"" + domain + "\" is no domain such as bank.example");
      }
      if (!address.empty() && address.find('@') == std::string::npos) {
        source_.fail(*sender, "address=\"" + address + "\" is no address");
      }
      (domain.empty() ? facts.addresses : facts.domains).push_back(domain + address);
    }
    return facts;
  }

  bool replaces() { return source_.flag(source_.root(), "replace"); }

  std::vector<std::string> ids() {
    std::vector<std::string> found;
    for (const auto* child = source_.root().FirstChildElement(); child != nullptr;
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
    bank.files.push_back(source_.file_name());
    if (!bank.facts.code.empty()) bank.own_codes.push_back(bank.facts.code);
    for (std::string& code : words_of(source_.optional(source_.root(), "own_codes"))) {
      bank.own_codes.push_back(std::move(code));
    }
    std::string faults;
    int number = 0;
    for (const auto* child = source_.root().FirstChildElement(); child != nullptr;
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
      footer_definitions_.push_back(source_.source_of(child));
      return;
    } else if (name == "sender") {
      return;
    } else {
      source_.fail(child, "<" + std::string(name) + "> has no meaning in <bank>");
    }
    bank.rules.push_back(std::move(rule));
    if (bank.rules.size() > limits_.rules) source_.fail(child, "too many formats and ignore rules");
  }

  std::string folded(const XMLElement& element) const {
    std::string words = fold_words(source_.text_of(element));
    if (words.size() < 3) source_.fail(element, "a footer needs at least three letters");
    return words;
  }

  IgnoreRule ignore(const XMLElement& element) {
    source_.allow(
        element, {"id", "sender", "subject", "line", "sentence", "unless", "attachment", "reason"});
    IgnoreRule rule;
    rule.id = source_.optional(element, "id");
    if (!rule.id.empty()) source_.check_id(element, rule.id);
    rule.reason = source_.required(element, "reason");
    static constexpr std::string_view reasons[] = {
        "balance",        "card authorisation", "statement",       "announcement",
        "card acquiring", "attachment only",    "service message", "order not executed"};
    if (std::find(std::begin(reasons), std::end(reasons), rule.reason) == std::end(reasons)) {
      source_.fail(element, "reason=\"" + rule.reason + "\" is none of the known reasons");
    }
    const auto condition = [&](const char* name, Anchor anchor, std::optional<Pattern>& into) {
      const std::string text = source_.optional(element, name);
      if (!text.empty()) into = lines_.phrase(element, text, anchor);
    };
    condition("subject", Anchor::search, rule.subject);
    condition("line", Anchor::line_start, rule.line);
    condition("sentence", Anchor::search, rule.sentence);
    condition("unless", Anchor::search, rule.unless);
    rule.file_type = source_.optional(element, "attachment");
    if (rule.file_type == "true" || rule.file_type == "false") rule.file_type.clear();
    rule.attachment = !rule.file_type.empty() || source_.flag(element, "attachment");
    rule.sender = ascii::lower(source_.optional(element, "sender"));
    if (!rule.sender.empty() && rule.sender.find('@') == std::string::npos) {
      source_.fail(element, "sender=\"" + rule.sender + "\" is no address");
    }
    if (rule.sender.empty() && !rule.subject && !rule.line && !rule.sentence) {
      source_.fail(element, "<ignore> needs a sender, a subject, a line or a sentence");
    }
    rule.file_line = element.GetLineNum();
    rule.file = source_.file_name();
    rule.definition = source_.source_of(element);
    return rule;
  }

  Format format(const XMLElement& element, const Bank& bank) {
    source_.allow(element, {"id", "since", "direction", "kind", "twin", "reference", "sign",
                            "unsigned", "separator"});
    Format format;
    format.facts.id = source_.required(element, "id");
    source_.check_id(element, format.facts.id);
    format.facts.bank = bank.facts.id;
    format.facts.since = source_.optional(element, "since");
    format.facts.direction = source_.optional(element, "direction");
    if (format.facts.direction.empty()) format.facts.direction = "both";
    format.facts.twins = words_of(source_.optional(element, "twin"));
    format.facts.file = source_.file_name();
    format.facts.line = element.GetLineNum();
    format.definition = source_.source_of(element);
    format.bank_footers = footer_definitions_;
    const std::string reference = source_.optional(element, "reference");
    if (!reference.empty() && reference != "notice" && reference != "order") {
      source_.fail(element, "reference is notice or order");
    }
    format.facts.numbers_movements = reference.empty();
    const std::string sign = source_.optional(element, "sign");
    if (!sign.empty() && sign != "first") source_.fail(element, "sign can only be \"first\"");
    format.sign_first = sign == "first";
    if (const std::string plain = source_.optional(element, "unsigned"); !plain.empty()) {
      format.unsigned_direction = value_of<Direction>(plain);
      if (!format.unsigned_direction) source_.fail(element, "unsigned is incoming or outgoing");
    }

    Layout whole;
    whole.presets = source_.presets(element);
    whole.footers = footers_;
    whole.separator = fold_words(source_.optional(element, "separator"));
    fill(element, whole, &format);
    if (format.block) {
      format.shared = whole;
    } else if (format.layouts.empty()) {
      format.layouts.push_back(std::move(whole));
    }
    check(element, format);
    return format;
  }

  /// `format` is null inside a <layout>, where nothing nests any deeper.
  void fill(const XMLElement& element, Layout& layout, Format* format) {
    std::vector<std::size_t> before;
    for (const auto* child = element.FirstChildElement(); child != nullptr;
         child = child->NextSiblingElement()) {
      const std::string_view name = child->Name();
      if (name == "line" || name == "cell" || name == "sentence" || name == "subject") {
        layout.lines.push_back(lines_.line(*child, name));
        if (layout.lines.size() > limits_.lines) source_.fail(*child, "too many lines");
      } else if (name == "footer") {
        layout.footers.push_back(folded(*child));
      } else if (name == "example" && format != nullptr) {
        format->facts.example = source_.text_of(*child);
      } else if (name == "layout" && format != nullptr) {
        before.push_back(layout.lines.size());
        format->layouts.push_back(nested(*child, layout));
        if (format->layouts.size() > limits_.layouts) source_.fail(*child, "too many layouts");
      } else if (name == "block" && format != nullptr && !format->block) {
        block(*child, layout, *format);
      } else {
        source_.fail(*child, fmt::format("<{}> has no meaning in <{}>", name, element.Name()));
      }
    }
    if (!before.empty() && !format->block) {
      add_lines_behind(element, before, layout.lines, format->layouts);
    }
  }

  /// Lines beside <layout>s belong to each of them, in the order in which all
  /// of it is written: `before` says for each layout how many of `lines` stand
  /// before it and are in it already.
  void add_lines_behind(const XMLElement& element, const std::vector<std::size_t>& before,
                        const std::vector<LineSpec>& lines, std::vector<Layout>& layouts) const {
    for (std::size_t i = 0; i < layouts.size(); ++i) {
      const auto behind = lines.begin() + static_cast<std::ptrdiff_t>(before[i]);
      layouts[i].lines.insert(layouts[i].lines.end(), behind, lines.end());
      if (layouts[i].lines.size() > limits_.lines) source_.fail(element, "too many lines");
    }
  }

  Layout nested(const XMLElement& element, const Layout& outer) {
    source_.allow(element, {"kind", "direction"});
    Layout layout = outer;
    for (const Preset& preset : source_.presets(element)) {
      std::erase_if(layout.presets, [&](const Preset& old) { return old.field == preset.field; });
      layout.presets.push_back(preset);
    }
    fill(element, layout, nullptr);
    if (layout.lines.size() == outer.lines.size()) source_.fail(element, "<layout> has no lines");
    return layout;
  }

  void block(const XMLElement& element, const Layout& outer, Format& format) {
    source_.allow(element, {"begin", "balances"});
    Block block;
    const std::string balances = source_.optional(element, "balances");
    if (!balances.empty() && balances != "add-up")
      source_.fail(element, "balances can only be \"add-up\"");
    block.balances_add_up = balances == "add-up";
    block.begin = lines_.phrase(element, source_.required(element, "begin"), Anchor::search);
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
        own.lines.push_back(lines_.line(*child, name));
      } else {
        source_.fail(*child, fmt::format("<{}> has no meaning in <block>", name));
      }
      if (layouts.size() > limits_.layouts || own.lines.size() > limits_.lines) {
        source_.fail(*child, "too many lines or layouts");
      }
    }
    add_lines_behind(element, before, own.lines, layouts);
    if (layouts.empty() && !own.lines.empty()) layouts.push_back(std::move(own));
    if (layouts.empty()) source_.fail(element, "<block> has no lines");
    if (!format.layouts.empty()) source_.fail(element, "layouts stand inside the <block>");
    format.layouts = std::move(layouts);
    format.block = std::move(block);
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
        source_.fail(element, "every line is optional: any mail would do");
      }
    }
    if (format.shared) gather(*format.shared);
    const auto has = [&fields](Field field) {
      return std::find(fields.begin(), fields.end(), field) != fields.end();
    };
    if (!has(Field::amount)) source_.fail(element, "the format has no {amount}");
    format.facts.states_balance = has(Field::balance);
    format.facts.states_date = has(Field::booked_on);
    format.facts.states_time = has(Field::booked_time);
    format.facts.states_reference = has(Field::bank_reference);
    format.facts.states_symbols = has(Field::variable_symbol);
  }

  FormatSource source_;
  FormatLines lines_;
  const FormatLimits& limits_;
  std::vector<std::string> footers_;
  std::vector<std::string> footer_definitions_;
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
