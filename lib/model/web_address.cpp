#include "model/web_address.hpp"

#include <algorithm>
#include <array>

namespace paymentctl {
namespace {

bool is_this_machine(std::string_view authority) {
  constexpr std::array<std::string_view, 3> hosts = {"localhost", "127.0.0.1", "[::1]"};
  return std::any_of(hosts.begin(), hosts.end(), [authority](std::string_view host) {
    return authority.starts_with(host) &&
           (authority.size() == host.size() || authority[host.size()] == ':');
  });
}

}  // namespace

bool may_send_secret(std::string_view address) {
  const std::size_t slashes = address.find("://");
  if (slashes == std::string_view::npos) return false;
  const std::string_view scheme = address.substr(0, slashes);
  std::string_view authority = address.substr(slashes + 3);
  // A backslash ends the host for some readers of addresses and not for others.
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (authority.empty() || authority.find_first_of("@\\ ") != std::string_view::npos) return false;
  return scheme == "https" || (scheme == "http" && is_this_machine(authority));
}

}  // namespace paymentctl
