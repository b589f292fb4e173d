#include "mail/transfer_encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr signed char skipped = -1;
constexpr signed char padding = -2;

constexpr std::array<signed char, 256> make_base64_values() {
  std::array<signed char, 256> values{};
  for (auto& value : values) value = skipped;
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<signed char>(i);
  }
  values['='] = padding;
  return values;
}

constexpr auto base64_values = make_base64_values();

/// Writes one line without its end and trailing blanks to `to`, which has room for it, and moves it
/// behind what was written; true where a soft break ends the line.
bool write_line(std::string_view line, char*& to) {
  for (;;) {
    const std::size_t sign = std::min(line.find('='), line.size());
    to += line.copy(to, sign);
    line.remove_prefix(sign);
    if (line.empty()) return false;
    if (line.size() == 1) return true;
    const int high = ascii::hex_digit(line[1]);
    const int low = line.size() > 2 ? ascii::hex_digit(line[2]) : -1;
    const bool is_code = high >= 0 && low >= 0;
    *to++ = is_code ? static_cast<char>(high * 16 + low) : '=';
    line.remove_prefix(is_code ? 3 : 1);
  }
}

}  // namespace

Decoded decode_quoted_printable(std::string_view text) {
  Decoded decoded;
  decoded.bytes.resize(text.size());
  char* to = decoded.bytes.data();
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const bool is_last = end == std::string_view::npos;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(is_last ? text.size() : end + 1);
    if (is_last) {
      decoded.is_cut_off =
          !line.empty() &&
          (line.back() == '=' ||
           (line.size() > 1 && line[line.size() - 2] == '=' && ascii::hex_digit(line.back()) >= 0));
    }
    while (!line.empty() && ascii::is_space(line.back())) line.remove_suffix(1);
    const bool is_soft = write_line(line, to);
    if (!is_soft && !is_last) *to++ = '\n';
  }
  decoded.bytes.resize(static_cast<std::size_t>(to - decoded.bytes.data()));
  return decoded;
}

Decoded decode_base64(std::string_view text) {
  Decoded decoded;
  decoded.bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t group = 0;
  unsigned signs = 0;
  bool is_padded = false;
  for (const char c : text) {
    const signed char value = base64_values[static_cast<unsigned char>(c)];
    if (value == skipped) continue;
    if (value == padding) {
      is_padded = true;
      break;
    }
    group = (group << 6) | static_cast<std::uint32_t>(value);
    if (++signs < 4) continue;
    decoded.bytes.push_back(static_cast<char>((group >> 16) & 0xFF));
    decoded.bytes.push_back(static_cast<char>((group >> 8) & 0xFF));
    decoded.bytes.push_back(static_cast<char>(group & 0xFF));
    group = 0;
    signs = 0;
  }
  if (signs >= 2) decoded.bytes.push_back(static_cast<char>((group >> (6 * signs - 8)) & 0xFF));
  if (signs == 3) decoded.bytes.push_back(static_cast<char>((group >> 2) & 0xFF));
  decoded.is_cut_off = signs == 1 || (signs > 1 && !is_padded);
  return decoded;
}

}  // namespace paymentctl
