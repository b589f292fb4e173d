#ifdef _WIN32
#include <algorithm>
#include <array>
#include <charconv>

#include <windows.h>

#include "platform/charset_system.hpp"
#include "platform/wide.hpp"

namespace paymentctl {
namespace {

struct Named {
  std::string_view name;
  unsigned page;
};

constexpr std::array<Named, 18> named = {{
    {"koi8-r", 20866},
    {"koi8-u", 21866},
    {"macintosh", 10000},
    {"mac-centraleurope", 10029},
    {"maccentraleurope", 10029},
    {"macce", 10029},
    {"gb2312", 936},
    {"gbk", 936},
    {"gb18030", 54936},
    {"big5", 950},
    {"big5-hkscs", 950},
    {"euc-jp", 20932},
    {"euc-kr", 51949},
    {"euc-cn", 936},
    {"shift_jis", 932},
    {"shift-jis", 932},
    {"tis-620", 874},
    {"windows-31j", 932},
}};

/// The number behind `prefix`; 0 where there is none.
unsigned number_behind(std::string_view name, std::string_view prefix) {
  unsigned number = 0;
  if (!name.starts_with(prefix)) return 0;
  const char* const end = name.data() + name.size();
  const auto read = std::from_chars(name.data() + prefix.size(), end, number);
  return read.ec == std::errc() && read.ptr == end ? number : 0;
}

unsigned code_page(std::string_view name) {
  const auto found = std::find_if(named.begin(), named.end(),
                                  [&](const Named& each) { return each.name == name; });
  if (found != named.end()) return found->page;
  constexpr unsigned iso_base = 28590;
  const unsigned iso = number_behind(name, "iso-8859-");
  if (iso > 0 && iso <= 15) return iso_base + iso;
  for (const std::string_view prefix : {"windows-", "cp", "ibm"}) {
    if (const unsigned page = number_behind(name, prefix)) return page;
  }
  return 0;
}

std::optional<std::string> from_code_page(std::string_view bytes, unsigned page) {
  // gb18030 knows this flag as every page here does; the pages that do not are not offered.
  constexpr DWORD strict = MB_ERR_INVALID_CHARS;
  const int length = static_cast<int>(bytes.size());
  const int size = ::MultiByteToWideChar(page, strict, bytes.data(), length, nullptr, 0);
  if (size <= 0) return std::nullopt;
  std::wstring wide(static_cast<std::size_t>(size), L'\0');
  ::MultiByteToWideChar(page, strict, bytes.data(), length, wide.data(), size);
  return narrow(wide);
}

bool is_well_formed(std::wstring_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (IS_LOW_SURROGATE(text[at])) return false;
    if (!IS_HIGH_SURROGATE(text[at])) continue;
    if (++at == text.size() || !IS_LOW_SURROGATE(text[at])) return false;
  }
  return true;
}

/// Without a mark of the order of bytes, little end first, as the name alone means to Windows and
/// to the mail programs on it.
std::optional<std::string> from_utf16(std::string_view bytes, std::string_view name) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  bool is_big = name == "utf-16be";
  if (name == "utf-16" && bytes.size() >= 2) {
    is_big = bytes.starts_with("\xfe\xff");
    if (is_big || bytes.starts_with("\xff\xfe")) bytes.remove_prefix(2);
  }
  std::wstring wide;
  wide.reserve(bytes.size() / 2);
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    wide.push_back(static_cast<wchar_t>(is_big ? first << 8 | second : second << 8 | first));
  }
  if (!is_well_formed(wide)) return std::nullopt;
  return narrow(wide);
}

}  // namespace

std::optional<std::string> convert_by_system(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) return "";
  if (name == "utf-16" || name == "utf-16le" || name == "utf-16be") return from_utf16(bytes, name);
  const unsigned page = code_page(name);
  return page == 0 ? std::nullopt : from_code_page(bytes, page);
}

}  // namespace paymentctl
#endif
