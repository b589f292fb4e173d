#include "mail/html_guard.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "mail/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_tags = 50'000;
/// Nodes that gumbo may have to make: it repeats open formatting elements in every block.
constexpr std::size_t most_nodes = 200'000;
/// gumbo merges the attributes of repeated ones, which is quadratic.
constexpr std::size_t most_roots = 8;
/// No element that matters here has a longer name.
constexpr std::size_t longest_name = 12;

template <std::size_t N>
using Names = std::array<std::string_view, N>;

constexpr Names<18> empty_elements = {"area",  "base",  "basefont", "bgsound", "br",    "col",
                                      "embed", "frame", "hr",       "img",     "input", "keygen",
                                      "link",  "meta",  "param",    "source",  "track", "wbr"};
constexpr Names<15> formatting = {"a", "b",     "big",    "code",   "em", "font", "i",    "nobr",
                                  "s", "small", "strike", "strong", "tt", "u",    "blink"};
constexpr Names<12> refused = {"svg",      "math",      "template", "select",
                               "frameset", "iframe",    "noframes", "noembed",
                               "textarea", "plaintext", "xmp",      "isindex"};
constexpr Names<3> raw_text = {"style", "script", "title"};
constexpr Names<8> table_parts = {"table", "td", "th", "tr", "tbody", "thead", "tfoot", "caption"};
constexpr Names<6> scopes = {"table", "td", "th", "caption", "object", "marquee"};
constexpr Names<29> blocks = {"address", "article", "aside", "blockquote", "center", "dd",
                              "details", "dir",     "div",   "dl",         "dt",     "fieldset",
                              "figure",  "footer",  "form",  "h1",         "h2",     "h3",
                              "h4",      "h5",      "h6",    "header",     "li",     "nav",
                              "ol",      "p",       "pre",   "section",    "ul"};

template <std::size_t N>
bool is_one_of(std::string_view name, const Names<N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A name in lower case that needs no memory of its own.
struct Name {
  std::array<char, longest_name> letters{};
  std::size_t length = 0;
  bool is_cut = false;

  explicit Name(std::string_view text)
      : length(std::min(text.size(), longest_name)), is_cut(text.size() > longest_name) {
    std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length),
                   letters.begin(), [](char c) { return ascii::lower(c); });
  }
  [[nodiscard]] std::string_view view() const { return {letters.data(), length}; }
};

bool is_html_space(char c) { return ascii::is_space(c) || c == '\f'; }

class Guard {
 public:
  Guard(std::string_view html, const MailLimits& limits) : html_(html), limits_(limits) {}

  std::optional<std::string> run() {
    std::size_t at = 0;
    while (!trap_ && (at = html_.find('<', at)) != std::string_view::npos) at = markup(at + 1);
    return trap_;
  }

 private:
  void refuse(const std::string& reason) {
    if (!trap_) trap_ = "the HTML of the mail is refused: " + reason;
  }

  [[nodiscard]] std::size_t past(std::string_view sign, std::size_t at) const {
    const std::size_t found = html_.find(sign, at);
    return found == std::string_view::npos ? html_.size() : found + sign.size();
  }

  [[nodiscard]] bool is_letter_at(std::size_t at) const {
    return at < html_.size() && ascii::is_letter(html_[at]);
  }

  /// What begins with '<' before `at`; returns the position behind it.
  std::size_t markup(std::size_t at) {
    if (at >= html_.size()) return at;
    if (html_[at] == '!') return html_.compare(at, 3, "!--") == 0 ? comment(at + 3) : past(">", at);
    if (html_[at] == '?') return past(">", at);
    if (html_[at] == '/') return is_letter_at(at + 1) ? tag(at + 1, true) : past(">", at);
    return is_letter_at(at) ? tag(at, false) : at;
  }

  [[nodiscard]] std::size_t comment(std::size_t at) const {
    if (html_.compare(at, 1, ">") == 0) return at + 1;
    if (html_.compare(at, 2, "->") == 0) return at + 2;
    for (;; ++at) {
      at = html_.find("--", at);
      if (at == std::string_view::npos) return html_.size();
      if (html_.compare(at + 2, 1, ">") == 0) return at + 3;
      if (html_.compare(at + 2, 2, "!>") == 0) return at + 4;
    }
  }

  std::size_t tag(std::size_t at, bool is_end) {
    std::size_t end = at;
    while (end < html_.size() && !is_html_space(html_[end]) && html_[end] != '/' &&
           html_[end] != '>') {
      ++end;
    }
    const Name name(html_.substr(at, end - at));
    at = attributes(end);
    if (++tags_ > most_tags) refuse("it has more than " + std::to_string(most_tags) + " tags");
    if (is_end) {
      close(name);
    } else {
      open(name);
    }
    nodes_ += 1 + open_formatting_;
    if (nodes_ > most_nodes) refuse("it leaves too many formatting tags open");
    return is_end || !is_one_of(name.view(), raw_text) ? at : raw(at, name.view());
  }

  /// Skips the attributes of a tag; returns the position behind its '>'.
  std::size_t attributes(std::size_t at) {
    for (std::size_t count = 0;; ++count) {
      while (at < html_.size() && (is_html_space(html_[at]) || html_[at] == '/')) ++at;
      if (at >= html_.size()) return at;
      if (html_[at] == '>') return at + 1;
      if (count == limits_.html_attributes) {
        refuse("a tag has more than " + std::to_string(count) + " attributes");
        return html_.size();
      }
      ++at;  // even a '=' can begin a name
      while (at < html_.size() && !is_html_space(html_[at]) &&
             std::string_view("/>=").find(html_[at]) == std::string_view::npos) {
        ++at;
      }
      while (at < html_.size() && is_html_space(html_[at])) ++at;
      if (at < html_.size() && html_[at] == '=') at = value(at + 1);
    }
  }

  [[nodiscard]] std::size_t value(std::size_t at) const {
    while (at < html_.size() && is_html_space(html_[at])) ++at;
    if (at >= html_.size() || html_[at] == '>') return at;
    if (html_[at] == '"' || html_[at] == '\'') return past(html_.substr(at, 1), at + 1);
    while (at < html_.size() && !is_html_space(html_[at]) && html_[at] != '>') ++at;
    return at;
  }

  /// The content of an element in which only its own end tag is markup.
  std::size_t raw(std::size_t at, std::string_view name) {
    const std::size_t start = at;
    for (;; at += 2) {
      at = html_.find("</", at);
      if (at == std::string_view::npos) at = html_.size();
      const std::size_t behind = at + 2 + name.size();
      const bool is_end =
          behind < html_.size() && ascii::equal(html_.substr(at + 2, name.size()), name) &&
          (is_html_space(html_[behind]) || html_[behind] == '/' || html_[behind] == '>');
      if (at < html_.size() && !is_end) continue;
      // "<!--" in a script changes what ends it.
      const bool is_trap = name == "script" &&
                           html_.substr(start, at - start).find("<!--") != std::string_view::npos;
      if (is_trap) refuse("a script in it hides what follows");
      return at;
    }
  }

  void open(const Name& tag) {
    const std::string_view name = tag.view();
    if (is_one_of(name, refused)) refuse("it has a <" + std::string(name) + ">");
    if (name == "html" || name == "body" || name == "head") {
      if (++roots_ > most_roots) refuse("it has several <" + std::string(name) + ">");
      return;
    }
    if (is_one_of(name, empty_elements) || is_one_of(name, raw_text)) return;
    if (is_one_of(name, formatting)) ++open_formatting_;
    end_by_start_of(name);
    stack_.push_back(tag);
    if (stack_.size() > limits_.html_depth) {
      refuse("its tags are nested deeper than " + std::to_string(limits_.html_depth));
    }
  }

  /// Elements whose end tag may be left out end when the next of their kind begins.
  void end_by_start_of(std::string_view name) {
    const auto drop = [&](auto... kinds) {
      while (!stack_.empty() && ((stack_.back().view() == kinds) || ...)) stack_.pop_back();
    };
    if (name == "tr") {
      drop("td", "th", "tr", "p");
    } else if (name == "td" || name == "th") {
      drop("td", "th", "p");
    } else if (name == "tbody" || name == "thead" || name == "tfoot") {
      drop("td", "th", "tr", "tbody", "thead", "tfoot", "p");
    } else if (name == "li") {
      drop("li", "p");
    } else if (name == "dt" || name == "dd") {
      drop("dt", "dd", "p");
    } else if (name == "option") {
      drop("option");
    } else if (is_one_of(name, blocks)) {
      drop("p");
    }
  }

  /// Closes what gumbo closes for certain; doubtful end tags leave the count too high, never too
  /// low.
  void close(const Name& tag) {
    const std::string_view name = tag.view();
    if (is_one_of(name, formatting)) return close_formatting(name);
    const bool is_table = is_one_of(name, table_parts);
    const bool is_block = is_table || is_one_of(name, blocks);
    for (std::size_t i = stack_.size(); i-- > 0;) {
      const std::string_view open = stack_[i].view();
      if (open == name) {
        stack_.erase(stack_.begin() + static_cast<std::ptrdiff_t>(i), stack_.end());
        return;
      }
      const bool is_barrier =
          !is_block || (is_table ? open == "table"
                                 : is_one_of(open, scopes) || open == "button" ||
                                       (name == "li" && (open == "ul" || open == "ol")));
      if (is_barrier) return;
    }
  }

  /// HTML5 takes a formatting element out from under a few blocks that begin inside it.
  void close_formatting(std::string_view name) {
    constexpr std::size_t reach = 6;  // the standard's loop takes eight
    if (open_formatting_ > 0) --open_formatting_;
    for (std::size_t above = 0; above < std::min(reach, stack_.size()); ++above) {
      const auto element = stack_.end() - 1 - static_cast<std::ptrdiff_t>(above);
      if (is_one_of(element->view(), scopes)) return;
      if (element->view() == name) {
        stack_.erase(element);
        return;
      }
    }
  }

  std::string_view html_;
  const MailLimits& limits_;
  std::optional<std::string> trap_;
  std::vector<Name> stack_;
  std::size_t tags_ = 0;
  std::size_t nodes_ = 0;
  std::size_t roots_ = 0;
  std::size_t open_formatting_ = 0;
};

}  // namespace

std::optional<std::string> find_html_trap(std::string_view html, const MailLimits& limits) {
  return Guard(html, limits).run();
}

}  // namespace paymentctl
