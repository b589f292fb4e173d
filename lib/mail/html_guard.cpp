#include "mail/html_guard.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "mail/html_elements.hpp"
#include "mail/html_hidden.hpp"
#include "mail/html_run.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_tags = 50'000;
/// Nodes that gumbo may have to make: it repeats open formatting elements in every block.
constexpr std::size_t most_nodes = 200'000;
/// gumbo merges the attributes of repeated ones, which is quadratic.
constexpr std::size_t most_roots = 8;
/// No element that matters here has a longer name.
constexpr std::size_t longest_element = 12;

/// Bytes of a run of text that a sign may stand for: blanks, what is printed of ASCII but '&', and
/// the first ones of letters up to U+07FF. Of the others gumbo takes some for faults.
constexpr std::array<bool, 256> in_run = [] {
  std::array<bool, 256> table{};
  for (const char blank : {'\t', '\n', '\f', '\r'}) table[static_cast<unsigned char>(blank)] = true;
  for (std::size_t byte = ' '; byte <= '~'; ++byte) table[byte] = byte != '&';
  for (std::size_t byte = 0x80; byte < 0xe0; ++byte) table[byte] = true;
  return table;
}();

bool is_run(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!in_run[byte]) return false;
    // U+0080 to U+009F are controls.
    if (byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return false;
  }
  return true;
}

/// What gumbo shall see: the document with cuts.
class Shortened {
 public:
  explicit Shortened(std::string_view html) : html_(html) {}

  void cut(std::size_t begin, std::size_t end) {
    if (begin >= end) return;
    text_.append(html_.substr(kept_, begin - kept_));
    kept_ = end;
  }

  void replace(std::size_t begin, std::size_t end, std::string_view by) {
    cut(begin, end);
    text_.append(by);
  }

  std::string take() {
    text_.append(html_.substr(kept_));
    return std::move(text_);
  }

 private:
  std::string_view html_;
  std::string text_;
  std::size_t kept_ = 0;  ///< where what was not copied yet begins
};

/// A name in lower case that needs no memory of its own.
struct Name {
  std::array<char, longest_element> letters{};
  std::size_t length = 0;
  unsigned kinds = 0;

  explicit Name(std::string_view text) : length(std::min(text.size(), longest_element)) {
    std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length),
                   letters.begin(), [](char c) { return ascii::lower(c); });
    kinds = element_kinds(view());
  }
  [[nodiscard]] bool is(unsigned any_of) const { return (kinds & any_of) != 0; }
  [[nodiscard]] std::string_view view() const { return {letters.data(), length}; }
};

bool is_html_space(char c) { return ascii::is_space(c) || c == '\f'; }

class Guard {
 public:
  Guard(std::string_view html, const MailLimits& limits)
      : html_(html),
        limits_(limits),
        may_sign_(html.find(run_lead) == std::string_view::npos &&
                  html.find("&#") == std::string_view::npos),
        shortened_(html) {}

  GuardedHtml run() {
    std::size_t at = 0;
    while (!trap_ && (at = text(at)) < html_.size()) at = markup(at + 1);
    if (trap_) return {std::move(trap_), {}, {}};
    return {std::nullopt, shortened_.take(), std::move(runs_)};
  }

 private:
  void refuse(const std::string& reason) {
    if (!trap_) trap_ = "the HTML of the mail is refused: " + reason;
  }

  /// The text up to the next '<', which it returns. A run of blanks is seen as one.
  std::size_t text(std::size_t at) {
    const std::size_t end = std::min(html_.find('<', at), html_.size());
    if (is_preformatted_) return end;
    at = blanks(at, end);
    std::size_t stop = end;
    while (stop > at && is_html_space(html_[stop - 1])) --stop;
    if (sign_for(at, stop)) at = blanks(stop, end);
    while (at < end) {
      while (at < end && !is_html_space(html_[at])) ++at;
      at = blanks(at, end);
    }
    return end;
  }

  /// Leaves one of the blanks at `at`; returns where they end.
  std::size_t blanks(std::size_t at, std::size_t end) {
    const std::size_t first = at;
    while (at < end && is_html_space(html_[at])) ++at;
    shortened_.cut(first + 1, at);
    return at;
  }

  /// Puts one character in the place of a run of text. Where text goes does not depend on what it
  /// says, and gumbo takes as long over a letter as over a sign.
  bool sign_for(std::size_t begin, std::size_t end) {
    if (!may_sign_ || end - begin <= run_sign_size || runs_.size() == most_runs) return false;
    const std::string_view run = html_.substr(begin, end - begin);
    if (!is_run(run)) return false;
    shortened_.replace(begin, end, run_sign(runs_.size()));
    runs_.push_back(run);
    return true;
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
    if (html_[at] == '!') return html_.compare(at, 3, "!--") == 0 ? comment(at) : past(">", at);
    if (html_[at] == '?') return past(">", at);
    if (html_[at] == '/') return is_letter_at(at + 1) ? tag(at + 1, true) : past(">", at);
    return is_letter_at(at) ? tag(at, false) : at;
  }

  /// `begin` is behind the '<'. An empty comment stays, since it divides what stands around it.
  std::size_t comment(std::size_t begin) {
    const std::size_t words = begin + 3;
    if (html_.compare(words, 1, ">") == 0) return words + 1;
    if (html_.compare(words, 2, "->") == 0) return words + 2;
    for (std::size_t at = words;; ++at) {
      at = html_.find("--", at);
      if (at == std::string_view::npos) return html_.size();
      if (html_.compare(at + 2, 1, ">") == 0) {
        shortened_.cut(words, at);
        return at + 3;
      }
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
    is_telling_ = !is_end && !is_plain(name);
    at = attributes(end);
    if (!is_telling_) shortened_.cut(end, tag_end_);
    if (++tags_ > most_tags) refuse("it has more than " + std::to_string(most_tags) + " tags");
    if (is_end) {
      close(name);
    } else {
      open(name);
    }
    nodes_ += 1 + open_formatting_;
    if (nodes_ > most_nodes) refuse("it leaves too many formatting tags open");
    return is_end || !name.is(raw_text_element) ? at : raw(at, name.view());
  }

  /// Elements whose attributes do nothing but hide. Those of the others count for gumbo: it adds a
  /// repeated body's to the first one, and takes a hidden input for less.
  static bool is_plain(const Name& name) {
    const std::string_view text = name.view();
    return text != "html" && text != "body" && text != "input";
  }

  /// Only these two say whether an element is seen; a value with an entity is not looked into.
  [[nodiscard]] static bool tells(std::string_view name, std::string_view value) {
    if (ascii::equal(name, "hidden")) return true;
    return ascii::equal(name, "style") &&
           (value.find('&') != std::string_view::npos || hides(value));
  }

  /// Skips the attributes of a tag; returns the position behind its '>'. A tag without one is none
  /// and is left alone.
  std::size_t attributes(std::size_t at) {
    tag_end_ = at;
    for (std::size_t count = 0;; ++count) {
      while (at < html_.size() && (is_html_space(html_[at]) || html_[at] == '/')) ++at;
      if (at >= html_.size()) return at;
      if (html_[at] == '>') {
        tag_end_ = at;
        return at + 1;
      }
      if (count == limits_.html_attributes) {
        refuse("a tag has more than " + std::to_string(count) + " attributes");
        return html_.size();
      }
      const std::size_t name = at;
      ++at;  // even a '=' can begin a name
      while (at < html_.size() && !is_html_space(html_[at]) && html_[at] != '/' &&
             html_[at] != '>' && html_[at] != '=') {
        ++at;
      }
      const std::size_t name_end = at;
      while (at < html_.size() && is_html_space(html_[at])) ++at;
      const std::size_t equals = at;
      if (at < html_.size() && html_[at] == '=') at = value(at + 1);
      if (!is_telling_) {
        is_telling_ = tells(html_.substr(name, name_end - name), html_.substr(equals, at - equals));
      }
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
      shortened_.cut(start, at);
      return at;
    }
  }

  void open(const Name& tag) {
    const std::string_view name = tag.view();
    if (tag.is(refused_element)) refuse("it has a <" + std::string(name) + ">");
    if (name == "html" || name == "body" || name == "head") {
      if (++roots_ > most_roots) refuse("it has several <" + std::string(name) + ">");
      return;
    }
    if (tag.is(empty_element | raw_text_element)) return;
    is_preformatted_ = is_preformatted_ || name == "pre" || name == "listing";
    if (tag.is(formatting_element)) ++open_formatting_;
    end_by_start_of(tag);
    stack_.push_back(tag);
    if (stack_.size() > limits_.html_depth) {
      refuse("its tags are nested deeper than " + std::to_string(limits_.html_depth));
    }
  }

  /// Elements whose end tag may be left out end when the next of their kind begins.
  void end_by_start_of(const Name& tag) {
    const std::string_view name = tag.view();
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
    } else if (tag.is(block_element)) {
      drop("p");
    }
  }

  /// Closes what gumbo closes for certain; doubtful end tags leave the count too high, never too
  /// low.
  void close(const Name& tag) {
    const std::string_view name = tag.view();
    if (tag.is(formatting_element)) return close_formatting(name);
    const bool is_table = tag.is(table_element);
    const bool is_block = is_table || tag.is(block_element);
    for (std::size_t i = stack_.size(); i-- > 0;) {
      const std::string_view open = stack_[i].view();
      if (open == name) {
        stack_.erase(stack_.begin() + static_cast<std::ptrdiff_t>(i), stack_.end());
        return;
      }
      const bool is_barrier =
          !is_block || (is_table ? open == "table"
                                 : stack_[i].is(scope_element) || open == "button" ||
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
      if (element->is(scope_element)) return;
      if (element->view() == name) {
        stack_.erase(element);
        return;
      }
    }
  }

  std::string_view html_;
  const MailLimits& limits_;
  const bool may_sign_;  ///< whether no character of the document would pass for a sign
  std::optional<std::string> trap_;
  std::vector<std::string_view> runs_;
  std::vector<Name> stack_;
  std::size_t tags_ = 0;
  std::size_t nodes_ = 0;
  std::size_t roots_ = 0;
  std::size_t open_formatting_ = 0;
  bool is_telling_ = false;       ///< whether the attributes of the tag at hand count
  std::size_t tag_end_ = 0;       ///< where its '>' stands
  bool is_preformatted_ = false;  ///< whether blanks may count from here on
  Shortened shortened_;
};

}  // namespace

GuardedHtml guard_html(std::string_view html, const MailLimits& limits) {
  return Guard(html, limits).run();
}

}  // namespace paymentctl
