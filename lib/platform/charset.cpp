#include "platform/charset.hpp"

#include <algorithm>
#include <array>

#include "platform/charset_system.hpp"

namespace paymentctl {
namespace {

constexpr std::array<std::string_view, 14> families = {
    "iso-8859-", "windows-12", "cp12", "cp4", "cp8",  "ibm",    "koi8-",
    "mac",       "utf-16",     "gb",   "big", "euc-", "shift_", "tis-"};

bool is_offered(const std::string& name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == ':';
  };
  return name.size() <= 40 && std::all_of(name.begin(), name.end(), is_plain) &&
         std::any_of(families.begin(), families.end(),
                     [&](std::string_view family) { return name.rfind(family, 0) == 0; });
}

}  // namespace

std::optional<std::string> convert_to_utf8(std::string_view bytes, std::string_view name) {
  std::string small(name);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return is_offered(small) ? convert_by_system(bytes, small) : std::nullopt;
}

}  // namespace paymentctl
