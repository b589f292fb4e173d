#include "mail/html_text.hpp"

#include <algorithm>
#include <memory>
#include <span>

#include <gumbo.h>

#include "mail/html_arena.hpp"
#include "mail/html_hidden.hpp"
#include "mail/html_run.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

using Runs = std::span<const std::string_view>;

bool is_block(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_P:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_SUMMARY:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_UL:
      return true;
    default:
      return false;
  }
}

bool is_no_text(GumboTag tag) {
  return tag == GUMBO_TAG_HEAD || tag == GUMBO_TAG_STYLE || tag == GUMBO_TAG_SCRIPT ||
         tag == GUMBO_TAG_TITLE;
}

bool is_hidden(const GumboElement& element) {
  if (gumbo_get_attribute(&element.attributes, "hidden")) return true;
  const GumboAttribute* style = gumbo_get_attribute(&element.attributes, "style");
  if (!style) return false;
  return hides(style->value);
}

/// Lines as they grow: blanks wait until something visible follows them.
class Lines {
 public:
  void add(std::string_view text) {
    const auto is_blank = [](char c) { return ascii::is_space(c) || c == '\f'; };
    for (auto at = text.begin(); at != text.end();) {
      const auto end = std::find_if(at, text.end(), is_blank);
      if (end != at) {
        if (has_blank_ && !is_at_start()) text_.push_back(' ');
        has_blank_ = false;
        text_.append(at, end);
      }
      at = std::find_if_not(end, text.end(), is_blank);
      if (at != end) has_blank_ = true;
    }
  }

  void add_preformatted(std::string_view text) {
    for (const char c : text) {
      if (c != '\r') text_.push_back(c == '\f' ? ' ' : c);
    }
    has_blank_ = false;
  }

  /// Ends the line where one has begun.
  void end_line() {
    if (!is_at_start()) break_line();
    has_blank_ = false;
  }

  /// Ends the line, an empty one too.
  void break_line() {
    text_.push_back('\n');
    has_blank_ = false;
  }

  std::string take() { return std::move(text_); }

 private:
  [[nodiscard]] bool is_at_start() const { return text_.empty() || text_.back() == '\n'; }

  std::string text_;
  bool has_blank_ = false;
};

/// The text of a node, with the runs that signs in it stand for.
void write_text(std::string_view text, bool is_preformatted, Runs runs, Lines& lines) {
  const auto add = [&](std::string_view piece) {
    if (is_preformatted) {
      lines.add_preformatted(piece);
    } else {
      lines.add(piece);
    }
  };
  while (!runs.empty()) {
    const std::size_t sign = text.find(run_lead);
    if (sign == std::string_view::npos) break;
    add(text.substr(0, sign));
    add(runs[run_index(text.substr(sign))]);
    text.remove_prefix(sign + run_sign_size);
  }
  add(text);
}

// Recursion is bounded by the nesting that guard_html() allows.
void write(const GumboNode& node, bool is_preformatted, Runs runs, Lines& lines) {
  switch (node.type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_CDATA:
    case GUMBO_NODE_WHITESPACE:
      write_text(node.v.text.text, is_preformatted, runs, lines);
      return;
    case GUMBO_NODE_ELEMENT:
      break;
    default:
      return;
  }
  const GumboElement& element = node.v.element;
  if (is_no_text(element.tag)) return;
  if (element.tag == GUMBO_TAG_BR) {
    lines.break_line();
    return;
  }
  if (is_hidden(element)) return;
  const bool breaks = is_block(element.tag);
  if (breaks) lines.end_line();
  for (unsigned i = 0; i < element.children.length; ++i) {
    write(*static_cast<const GumboNode*>(element.children.data[i]),
          is_preformatted || element.tag == GUMBO_TAG_PRE, runs, lines);
  }
  if (breaks) lines.end_line();
}

}  // namespace

bool hides(std::string_view style) {
  constexpr std::string_view hidden = "display:none";
  std::size_t matched = 0;
  for (const char byte : style) {
    if (ascii::is_space(byte)) continue;
    const char c = ascii::lower(byte);
    // Only the first letter of the words can begin them anew.
    matched = c == hidden[matched] ? matched + 1 : (c == hidden.front() ? 1 : 0);
    if (matched == hidden.size()) return true;
  }
  return false;
}

std::string html_to_text(std::string_view html, Runs runs) {
#ifdef __MINGW32__
  // When a thread ends, mingw's runtime may free its variables before it destroys them.
  HtmlArena own;
#else
  thread_local HtmlArena own;
#endif
  HtmlArena& arena = own;
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = [](void* from, std::size_t size) {
    return static_cast<HtmlArena*>(from)->take(size);
  };
  options.deallocator = [](void* to, void* piece) {
    static_cast<HtmlArena*>(to)->give_back(piece);
  };
  options.userdata = &arena;
  // gumbo would collect an error with its position for every fault of the mail.
  options.max_errors = 0;
  // The tree lives in the arena: clearing that is all there is to destroy.
  const auto clear = [&arena](GumboOutput*) { arena.clear(); };
  const std::unique_ptr<GumboOutput, decltype(clear)> output(
      gumbo_parse_with_options(&options, html.data(), html.size()), clear);
  Lines lines;
  write(*output->root, false, runs, lines);
  return lines.take();
}

}  // namespace paymentctl
