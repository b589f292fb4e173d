#include <nlohmann/json.hpp>

#include "fetch/oauth.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_roles = 100;
constexpr std::size_t longest_role = 200;

/// The value of a digit of base64url (RFC 4648, section 5), or −1.
int base64_value(char digit) {
  if (digit >= 'A' && digit <= 'Z') return digit - 'A';
  if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9') return digit - '0' + 52;
  if (digit == '-') return 62;
  if (digit == '_') return 63;
  return -1;
}

/// Up to the first byte that is no digit.
std::string decoded(std::string_view text) {
  std::string result;
  unsigned bits = 0;
  int count = 0;
  for (const char digit : text) {
    const int value = base64_value(digit);
    if (value < 0) break;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xffffffu;
    count += 6;
    if (count >= 8) {
      count -= 8;
      result.push_back(static_cast<char>(bits >> count & 0xffu));
    }
  }
  return result;
}

}  // namespace

std::vector<std::string> token_roles(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return {};
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return {};
  const auto claims =
      nlohmann::json::parse(decoded(token.substr(first + 1, second - first - 1)), nullptr, false);
  const auto found = claims.is_object() ? claims.find("roles") : claims.end();
  if (!claims.is_object() || found == claims.end() || !found->is_array()) return {};
  std::vector<std::string> roles;
  for (const auto& role : *found) {
    if (roles.size() == most_roles) break;
    if (role.is_string() && role.get_ref<const std::string&>().size() <= longest_role) {
      roles.push_back(role.get<std::string>());
    }
  }
  return roles;
}

}  // namespace paymentctl
