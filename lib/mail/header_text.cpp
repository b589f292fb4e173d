#include "mail/header_text.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "mail/charset.hpp"
#include "mail/transfer_encoding.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

struct EncodedWord {
  std::string_view charset;
  bool is_base64 = false;
  std::string_view text;
  std::size_t length = 0;
};

/// Longer than any charset's name; so a search for the first `?` stays short.
constexpr std::size_t longest_charset = 60;
/// RFC 2047 says 75; some programs put a whole subject into one word.
constexpr std::size_t longest_word = 2000;

/// The encoded word at the start of `text`, which begins with "=?".
std::optional<EncodedWord> read_word(std::string_view text) {
  const std::size_t charset_end = text.substr(0, longest_charset).find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= text.size()) return std::nullopt;
  const char encoding = ascii::lower(text[charset_end + 1]);
  if ((encoding != 'b' && encoding != 'q') || text[charset_end + 2] != '?') return std::nullopt;
  const std::size_t start = charset_end + 3;
  const std::size_t end = text.substr(0, longest_word).find("?=", start);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // RFC 2231: a language behind the charset
  return EncodedWord{charset, encoding == 'b', text.substr(start, end - start), end + 2};
}

std::string decode_q(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return ascii::undo_hex(text, '=');
}

/// Collects bytes until their charset changes, so that a split character is whole again.
class Collector {
 public:
  void add(std::string_view bytes, std::string_view charset) {
    if (!ascii::equal(charset, charset_)) flush();
    charset_ = charset;
    bytes_.append(bytes);
  }

  std::string finish() {
    flush();
    for (char& c : text_) {
      if (ascii::is_control(c)) c = ' ';
    }
    return std::string(ascii::trim(text_));
  }

 private:
  void flush() {
    if (!bytes_.empty()) text_ += decode_charset(std::exchange(bytes_, {}), charset_);
  }

  std::string text_;
  std::string bytes_;
  std::string_view charset_;
};

bool is_all_space(std::string_view text) { return ascii::trim(text).empty(); }

std::string without_line_ends(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    if (c != '\r' && c != '\n') line.push_back(c);
  }
  return line;
}

}  // namespace

std::size_t encoded_word_length(std::string_view text) {
  if (text.substr(0, 2) != "=?") return 0;
  const auto word = read_word(text);
  return word ? word->length : 0;
}

std::string decode_header_text(std::string_view value) {
  Collector collector;
  bool after_word = false;
  std::size_t plain = 0;
  std::size_t at = 0;
  const auto add_plain = [&](std::size_t end) {
    const std::string_view text = value.substr(plain, end - plain);
    if (!text.empty()) collector.add(without_line_ends(text), {});
  };
  while ((at = value.find("=?", at)) != std::string_view::npos) {
    const auto word = read_word(value.substr(at));
    if (!word) {
      at += 2;
      continue;
    }
    if (!after_word || !is_all_space(value.substr(plain, at - plain))) add_plain(at);
    collector.add(
        word->is_base64 ? decode_base64(word->text).bytes : decode_q(std::string(word->text)),
        word->charset);
    at += word->length;
    plain = at;
    after_word = true;
  }
  add_plain(value.size());
  return collector.finish();
}

}  // namespace paymentctl
