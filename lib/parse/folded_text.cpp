#include "parse/folded_text.hpp"

#include <array>
#include <cstring>

#include <utf8proc.h>

#include "model/ascii.hpp"

namespace paymentctl {
namespace {

enum class Class : std::uint8_t { letters, blank, nothing };

/// What a character becomes.
struct Replacement {
  Class kind = Class::nothing;
  std::uint8_t size = 0;
  std::array<char, 24> bytes{};
};

bool is_blank(utf8proc_int32_t c) {
  return c == 0x20 || c == 0x09 || (c >= 0x0b && c <= 0x0d) || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
         c == 0x205f || c == 0x3000;
}

bool vanishes(utf8proc_int32_t c) {
  return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2064) || c == 0xfeff;
}

bool is_dash(utf8proc_int32_t c) { return (c >= 0x2010 && c <= 0x2015) || c == 0x2212; }

Replacement replacement_of(utf8proc_int32_t c) {
  Replacement result;
  if (is_blank(c)) {
    result.kind = Class::blank;
    return result;
  }
  if (vanishes(c)) return result;
  if (is_dash(c)) c = '-';
  std::array<utf8proc_int32_t, 8> parts{};
  int boundary = 0;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  const utf8proc_ssize_t count = utf8proc_decompose_char(
      c, parts.data(), static_cast<utf8proc_ssize_t>(parts.size()), options, &boundary);
  if (count < 0 || count > static_cast<utf8proc_ssize_t>(parts.size())) return result;
  for (utf8proc_ssize_t i = 0; i < count; ++i) {
    std::array<utf8proc_uint8_t, 4> encoded{};
    const auto size = utf8proc_encode_char(parts[static_cast<std::size_t>(i)], encoded.data());
    if (size <= 0 || result.size + static_cast<std::size_t>(size) > result.bytes.size()) break;
    std::memcpy(result.bytes.data() + result.size, encoded.data(), static_cast<std::size_t>(size));
    result.size = static_cast<std::uint8_t>(result.size + size);
  }
  if (result.size > 0) result.kind = Class::letters;
  return result;
}

/// Latin letters with diacritics are nearly all that Czech mails hold beyond ASCII.
constexpr utf8proc_int32_t table_end = 0x180;

const std::array<Replacement, table_end>& latin_table() {
  static const std::array<Replacement, table_end> table = [] {
    std::array<Replacement, table_end> built{};
    for (utf8proc_int32_t c = 0; c < table_end; ++c) {
      built[static_cast<std::size_t>(c)] = replacement_of(c);
    }
    return built;
  }();
  return table;
}

struct Decoded {
  utf8proc_int32_t character = -1;  ///< negative: not UTF-8
  std::size_t size = 1;
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  if (first >= 0xc2 && first < 0xe0 && at + 1 < text.size() && (byte(at + 1) & 0xc0) == 0x80) {
    return {((first & 0x1f) << 6) | (byte(at + 1) & 0x3f), 2};
  }
  utf8proc_int32_t character = -1;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                     static_cast<utf8proc_ssize_t>(text.size() - at), &character);
  if (size <= 0) return {-1, 1};
  return {character, static_cast<std::size_t>(size)};
}

/// Skips the "> " of quoted lines at the start of a line.
std::size_t after_quotes(std::string_view text, std::size_t at) {
  std::size_t here = at;
  while (here < text.size() && (text[here] == '>' || text[here] == ' ' || text[here] == '\t')) {
    ++here;
    if (text[here - 1] == '>') at = here;
  }
  return at;
}

/// The letters, digits and marks of ASCII, which fold to one byte each.
constexpr std::array<bool, 256> in_word = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = '!'; c <= '~'; ++c) table[c] = true;
  return table;
}();

/// Grows as needed; written through raw pointers because this is the hottest loop of the reader.
class Writer {
 public:
  Writer(FoldedText& result, std::size_t size) : result_(result) { grow(size + 32); }

  void make_room(std::size_t bytes) {
    if (used_ + bytes + 2 > result_.text.size()) grow(2 * result_.text.size() + bytes);
  }
  void put(char c, std::size_t origin) {
    result_.text[used_] = c;
    result_.origin[used_++] = static_cast<std::uint32_t>(origin);
  }
  /// A run of ASCII from `at` on; where it ends.
  std::size_t put_word(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && in_word[static_cast<unsigned char>(text[end])]) ++end;
    make_room(end - at);
    char* const letters = result_.text.data() + used_;
    std::uint32_t* const origins = result_.origin.data() + used_;
    for (std::size_t i = 0; i < end - at; ++i) {
      letters[i] = ascii::lower(text[at + i]);
      origins[i] = static_cast<std::uint32_t>(at + i);
    }
    used_ += end - at;
    return end;
  }
  [[nodiscard]] std::size_t used() const { return used_; }
  void finish(std::size_t origin) {
    result_.text.resize(used_);
    result_.origin.resize(used_);
    result_.origin.push_back(static_cast<std::uint32_t>(origin));
  }

 private:
  void grow(std::size_t size) {
    result_.text.resize(size);
    result_.origin.resize(size);
  }
  FoldedText& result_;
  std::size_t used_ = 0;
};

/// A country's two letters and the two check digits (ISO 13616) stand together however the number
/// is grouped. What begins like an IBAN of another country counts as one.
Ibans ibans_in(std::string_view text) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  Ibans found = Ibans::none;
  for (std::size_t at = 3; at < text.size();) {
    if (!ascii::is_digit(text[at])) {
      at += is_lower(text[at]) ? 2 : 4;
      continue;
    }
    if (ascii::is_digit(text[at - 1]) && is_lower(text[at - 2]) && is_lower(text[at - 3])) {
      const std::string_view country = text.substr(at - 3, 2);
      if (country != "cz" && country != "sk") return Ibans::any;
      found = Ibans::czech_and_slovak;
    }
    ++at;
  }
  return found;
}

}  // namespace

FoldedText fold(std::string_view text) {
  FoldedText result;
  result.original = text;
  result.lines.reserve(text.size() / 24 + 4);
  const auto& table = latin_table();
  Writer out(result, text.size());
  std::size_t line_begin = 0;
  std::size_t blank_at = std::string_view::npos;
  const auto end_line = [&](std::size_t at) {
    result.lines.push_back(
        {static_cast<std::uint32_t>(line_begin), static_cast<std::uint32_t>(out.used())});
    out.make_room(2);
    if (at < text.size()) out.put('\n', at);
    line_begin = out.used();
    blank_at = std::string_view::npos;
  };
  const auto before_letter = [&] {
    out.make_room(2);
    if (blank_at == std::string_view::npos) return;
    if (out.used() > line_begin) out.put(' ', blank_at);
    blank_at = std::string_view::npos;
  };

  std::size_t at = after_quotes(text, 0);
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (byte == '\n') {
        end_line(at);
        at = after_quotes(text, at + 1);
        continue;
      }
      if (byte == ' ' || (byte >= 0x09 && byte <= 0x0d)) {
        if (blank_at == std::string_view::npos) blank_at = at;
        ++at;
        continue;
      }
      if (byte > 0x20 && byte != 0x7f) {
        before_letter();
        at = out.put_word(text, at);
      } else {
        ++at;
      }
      continue;
    }
    const Decoded decoded = decode(text, at);
    if (decoded.character >= 0) {
      const bool in_table = decoded.character < table_end;
      Replacement made;
      if (!in_table) made = replacement_of(decoded.character);
      const Replacement& into =
          in_table ? table[static_cast<std::size_t>(decoded.character)] : made;
      if (into.kind == Class::blank && blank_at == std::string_view::npos) blank_at = at;
      if (into.kind == Class::letters) {
        out.make_room(into.size + 2u);
        before_letter();
        for (std::size_t i = 0; i < into.size; ++i) out.put(into.bytes[i], at);
      }
    }
    at += decoded.size;
  }
  end_line(text.size());
  out.finish(text.size());
  result.trigrams = Trigrams(result.text);
  result.ibans = ibans_in(result.text);
  return result;
}

std::string FoldedText::value(std::size_t begin, std::size_t end) const {
  std::string result;
  bool blank = false;
  std::size_t here = begin;
  while (here < end) {
    const std::size_t line_end = std::min(text.find('\n', here), end);
    std::size_t at = origin[here];
    const std::size_t stop = here < line_end ? origin[line_end] : at;
    result.reserve(result.size() + (stop - at) + 1);
    while (at < stop) {
      const std::size_t word = at;
      while (at < stop && in_word[static_cast<unsigned char>(original[at])]) ++at;
      if (at > word) {
        if (blank && !result.empty()) result.push_back(' ');
        blank = false;
        result.append(original.substr(word, at - word));
        continue;
      }
      const Decoded decoded = decode(original, at);
      const bool control = decoded.character >= 0 && decoded.character < 0x20;
      if (decoded.character == '\n' || (decoded.character >= 0 && is_blank(decoded.character))) {
        blank = true;
      } else if (decoded.character >= 0 && !control && decoded.character != 0x7f &&
                 !vanishes(decoded.character)) {
        if (blank && !result.empty()) result.push_back(' ');
        blank = false;
        result.append(original.substr(at, decoded.size));
      }
      at += decoded.size;
    }
    blank = true;
    here = line_end + 1;
  }
  return result;
}

std::string fold_words(std::string_view text) {
  FoldedText folded = fold(text);
  std::string words;
  for (const FoldedText::Line& line : folded.lines) {
    if (line.begin == line.end) continue;
    if (!words.empty()) words.push_back(' ');
    words.append(folded.view(line.begin, line.end));
  }
  return words;
}

}  // namespace paymentctl
