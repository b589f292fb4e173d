#include "model/visible.hpp"

#include <cstdint>
#include <cstring>

#include <fmt/format.h>

namespace paymentctl {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Character {
  char32_t code = 0;
  std::size_t size = 1;  ///< bytes it takes; 1 for an invalid one
  bool valid = false;
};

/// The first character of `text`, which is not empty; RFC 3629: no overlong forms, no surrogates.
Character first_character(std::string_view text) {
  const auto byte = [text](std::size_t place) { return static_cast<unsigned char>(text[place]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xF0 ? 4u : lead >= 0xE0 ? 3u : 2u;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t code = lead & (0xFFu >> (size + 1));
  for (std::size_t place = 1; place < size; ++place) {
    if ((byte(place) & 0xC0u) != 0x80u) return {};
    code = (code << 6u) | (byte(place) & 0x3Fu);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, size, true};
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

/// Unicode's bidirectional controls, line and paragraph separators, and the byte order mark.
bool is_treacherous(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || code == 0x2028 || code == 0x2029 ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void append_picture(std::string& shown, char32_t code) {
  if (code < 0x20) {
    shown += "\xE2\x90";  // U+2400, the control pictures, are E2 90 80 and on
    shown += static_cast<char>(0x80 + code);
  } else if (code == 0x7F) {
    shown += "\xE2\x90\xA1";
  } else {
    shown += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
  }
}

/// Control characters as pictures, but for those of `kept`.
std::string shown_but(std::string_view text, std::string_view kept) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_character(text);
    if (!next.valid) {
      shown += replacement;
    } else if (kept.find(text.front()) == std::string_view::npos &&
               (is_control(next.code) || is_treacherous(next.code))) {
      append_picture(shown, next.code);
    } else {
      shown += text.substr(0, next.size);
    }
    text.remove_prefix(next.size);
  }
  return shown;
}

}  // namespace

std::string visible(std::string_view text) { return shown_but(text, {}); }

std::string visible_lines(std::string_view text) { return shown_but(text, "\n\t"); }

std::size_t ascii_prefix(std::string_view text) {
  std::size_t place = 0;
  // Eight are looked at together, since whole mails pass here.
  for (std::uint64_t eight = 0; place + sizeof eight <= text.size(); place += sizeof eight) {
    std::memcpy(&eight, text.data() + place, sizeof eight);
    if ((eight & 0x8080808080808080u) != 0) break;
  }
  while (place < text.size() && static_cast<unsigned char>(text[place]) < 0x80) ++place;
  return place;
}

bool is_utf8(std::string_view text) {
  while (true) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return true;
    const Character next = first_character(text);
    if (!next.valid) return false;
    text.remove_prefix(next.size);
  }
}

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  bool gap = false;
  while (!text.empty()) {
    const Character next = first_character(text);
    const std::string_view bytes = text.substr(0, next.size);
    text.remove_prefix(next.size);
    if (next.valid && (next.code == ' ' || is_control(next.code) || is_treacherous(next.code))) {
      gap = true;
      continue;
    }
    if (gap && !line.empty()) line += ' ';
    gap = false;
    line += next.valid ? bytes : replacement;
  }
  return line;
}

}  // namespace paymentctl
