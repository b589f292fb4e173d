#include "mail/html_elements.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace paymentctl {
namespace {

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

/// Every name of the lists by a hash, made by the compiler, since the lists are asked for each tag.
class Elements {
 public:
  constexpr Elements() {
    add(empty_elements, empty_element);
    add(formatting, formatting_element);
    add(refused, refused_element);
    add(raw_text, raw_text_element);
    add(table_parts, table_element);
    add(scopes, scope_element);
    add(blocks, block_element);
  }

  [[nodiscard]] constexpr unsigned kinds_of(std::string_view name) const {
    return name.empty() ? 0 : entries_[place_of(name)].kinds;
  }

 private:
  struct Entry {
    std::string_view name;
    unsigned kinds = 0;
  };

  constexpr void add(std::span<const std::string_view> names, ElementKind kind) {
    for (const std::string_view name : names) {
      Entry& entry = entries_[place_of(name)];
      entry.name = name;
      entry.kinds |= kind;
    }
  }

  /// Where the name stands, or the free place where it would.
  [[nodiscard]] constexpr std::size_t place_of(std::string_view name) const {
    const auto byte = [](char c) {
      return static_cast<std::size_t>(static_cast<unsigned char>(c));
    };
    std::size_t place = 37 * byte(name.front()) + 5 * byte(name.back()) + 11 * name.size() +
                        3 * byte(name[name.size() / 2]);
    for (place %= size; !entries_[place].name.empty() && entries_[place].name != name;) {
      place = (place + 1) % size;
    }
    return place;
  }

  static constexpr std::size_t size = 512;
  std::array<Entry, size> entries_{};
};

constexpr Elements known_elements;

}  // namespace

unsigned element_kinds(std::string_view name) { return known_elements.kinds_of(name); }

}  // namespace paymentctl
