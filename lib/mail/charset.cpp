#include "mail/charset.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "model/ascii.hpp"
#include "platform/charset.hpp"

namespace paymentctl {
namespace {

constexpr std::uint16_t none = 0xFFFD;

// Bytes 0x80 to 0xFF. Tables of our own since nearly every notice that is not UTF-8 is one of
// these.
constexpr std::array<std::uint16_t, 128> windows_1250 = {
    0x20AC, none,   0x201A, none,   0x201E, 0x2026, 0x2020, 0x2021, none,   0x2030, 0x0160, 0x2039,
    0x015A, 0x0164, 0x017D, 0x0179, none,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    none,   0x2122, 0x0161, 0x203A, 0x015B, 0x0165, 0x017E, 0x017A, 0x00A0, 0x02C7, 0x02D8, 0x0141,
    0x00A4, 0x0104, 0x00A6, 0x00A7, 0x00A8, 0x00A9, 0x015E, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x017B,
    0x00B0, 0x00B1, 0x02DB, 0x0142, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x0105, 0x015F, 0x00BB,
    0x013D, 0x02DD, 0x013E, 0x017C, 0x0154, 0x00C1, 0x00C2, 0x0102, 0x00C4, 0x0139, 0x0106, 0x00C7,
    0x010C, 0x00C9, 0x0118, 0x00CB, 0x011A, 0x00CD, 0x00CE, 0x010E, 0x0110, 0x0143, 0x0147, 0x00D3,
    0x00D4, 0x0150, 0x00D6, 0x00D7, 0x0158, 0x016E, 0x00DA, 0x0170, 0x00DC, 0x00DD, 0x0162, 0x00DF,
    0x0155, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x013A, 0x0107, 0x00E7, 0x010D, 0x00E9, 0x0119, 0x00EB,
    0x011B, 0x00ED, 0x00EE, 0x010F, 0x0111, 0x0144, 0x0148, 0x00F3, 0x00F4, 0x0151, 0x00F6, 0x00F7,
    0x0159, 0x016F, 0x00FA, 0x0171, 0x00FC, 0x00FD, 0x0163, 0x02D9};

constexpr std::array<std::uint16_t, 128> iso_8859_2 = {
    none,   none,   none,   none,   none,   none,   none,   none,   none,   none,   none,   none,
    none,   none,   none,   none,   none,   none,   none,   none,   none,   none,   none,   none,
    none,   none,   none,   none,   none,   none,   none,   none,   0x00A0, 0x0104, 0x02D8, 0x0141,
    0x00A4, 0x013D, 0x015A, 0x00A7, 0x00A8, 0x0160, 0x015E, 0x0164, 0x0179, 0x00AD, 0x017D, 0x017B,
    0x00B0, 0x0105, 0x02DB, 0x0142, 0x00B4, 0x013E, 0x015B, 0x02C7, 0x00B8, 0x0161, 0x015F, 0x0165,
    0x017A, 0x02DD, 0x017E, 0x017C, 0x0154, 0x00C1, 0x00C2, 0x0102, 0x00C4, 0x0139, 0x0106, 0x00C7,
    0x010C, 0x00C9, 0x0118, 0x00CB, 0x011A, 0x00CD, 0x00CE, 0x010E, 0x0110, 0x0143, 0x0147, 0x00D3,
    0x00D4, 0x0150, 0x00D6, 0x00D7, 0x0158, 0x016E, 0x00DA, 0x0170, 0x00DC, 0x00DD, 0x0162, 0x00DF,
    0x0155, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x013A, 0x0107, 0x00E7, 0x010D, 0x00E9, 0x0119, 0x00EB,
    0x011B, 0x00ED, 0x00EE, 0x010F, 0x0111, 0x0144, 0x0148, 0x00F3, 0x00F4, 0x0151, 0x00F6, 0x00F7,
    0x0159, 0x016F, 0x00FA, 0x0171, 0x00FC, 0x00FD, 0x0163, 0x02D9};

std::string from_table(std::string_view bytes, const std::array<std::uint16_t, 128>& table) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 4 + 16);
  while (!bytes.empty()) {
    const std::size_t plain = ascii_prefix(bytes);
    text.append(bytes.substr(0, plain));
    bytes.remove_prefix(plain);
    if (bytes.empty()) break;
    append_utf8(text, table[static_cast<unsigned char>(bytes.front()) & 0x7FU]);
    bytes.remove_prefix(1);
  }
  return text;
}

bool holds_c1(std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 && byte < 0xA0) return true;
  }
  return false;
}

enum class Charset { unknown, utf8, cp1250, latin2, other };

struct Declared {
  Charset charset = Charset::unknown;
  std::string name;  ///< of `other`, as a converter spells it
};

Declared understand(std::string_view declared) {
  std::string name;
  std::string key;  // without the signs in which spellings differ
  for (const char c : declared.substr(0, 80)) {
    const char small = ascii::lower(c);
    const bool is_alnum = ascii::is_digit(small) || ascii::is_letter(small);
    if (is_alnum) key.push_back(small);
    if (is_alnum || small == '-' || small == '_' || small == '.' || small == ':')
      name.push_back(small);
  }
  if (key.rfind("cs", 0) == 0 && key.size() > 4) key.erase(0, 2);  // IANA's alias prefix
  if (key == "utf8" || key == "unicode11utf8") return {Charset::utf8, {}};
  for (const auto* same : {"windows1250", "cp1250", "win1250", "xcp1250", "mswin1250", "1250"}) {
    if (key == same) return {Charset::cp1250, {}};
  }
  for (const auto* same :
       {"iso88592", "isolatin2", "latin2", "l2", "88592", "iso885921987", "isoir101"}) {
    if (key == same) return {Charset::latin2, {}};
  }
  // US-ASCII says nothing about the bytes that matter here.
  if (key.empty() || key == "usascii" || key == "ascii") return {};
  if (key == "latin1" || key == "iso88591") return {Charset::other, "iso-8859-1"};
  if (key.rfind("iso8859", 0) == 0) return {Charset::other, "iso-8859-" + key.substr(7)};
  if (key.rfind("win125", 0) == 0) return {Charset::other, "windows-" + key.substr(3)};
  return {Charset::other, name};
}

std::string guess(std::string bytes) {
  return is_utf8(bytes) ? std::move(bytes) : from_table(bytes, windows_1250);
}

/// Each character behind ASCII and its byte.
std::map<std::string, char, std::less<>> bytes_of(const std::array<std::uint16_t, 128>& table) {
  std::map<std::string, char, std::less<>> bytes;
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::string character;
    append_utf8(character, table.at(i));
    bytes.emplace(std::move(character), static_cast<char>(0x80 + i));
  }
  return bytes;
}

}  // namespace

std::string encode_windows_1250(std::string_view text) {
  if (ascii_prefix(text) == text.size() || !is_utf8(text)) return std::string(text);
  static const auto bytes = bytes_of(windows_1250);
  std::string result;
  while (!text.empty()) {
    const std::size_t plain = ascii_prefix(text);
    result += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto is_middle = [](char byte) {
      return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
    };
    const auto next = std::find_if_not(text.begin() + 1, text.end(), is_middle);
    const auto character = text.substr(0, static_cast<std::size_t>(next - text.begin()));
    const auto byte = bytes.find(character);
    if (byte == bytes.end()) {
      result += character;
    } else {
      result.push_back(byte->second);
    }
    text.remove_prefix(character.size());
  }
  return result;
}

void append_utf8(std::string& text, char32_t point) {
  if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) point = none;
  const auto put = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
    return;
  }
  if (point < 0x800) {
    put(0xC0 | (point >> 6));
  } else {
    if (point < 0x10000) {
      put(0xE0 | (point >> 12));
    } else {
      put(0xF0 | (point >> 18));
      put(0x80 | ((point >> 12) & 0x3F));
    }
    put(0x80 | ((point >> 6) & 0x3F));
  }
  put(0x80 | (point & 0x3F));
}

std::string decode_charset(std::string bytes, std::string_view declared) {
  const Declared wanted = understand(declared);
  switch (wanted.charset) {
    case Charset::unknown:
    case Charset::utf8:
      return guess(std::move(bytes));
    case Charset::cp1250:
      return from_table(bytes, windows_1250);
    case Charset::latin2:
      return holds_c1(bytes) ? guess(std::move(bytes)) : from_table(bytes, iso_8859_2);
    case Charset::other:
      break;
  }
  const bool is_iso = wanted.name.rfind("iso-8859-", 0) == 0;
  if (is_iso && holds_c1(bytes)) return guess(std::move(bytes));
  auto converted = convert_to_utf8(bytes, wanted.name);
  if (converted && is_utf8(*converted)) return *std::move(converted);
  return guess(std::move(bytes));
}

}  // namespace paymentctl
