#include "ledger/server_url.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

namespace paymentctl {
namespace {

/// scheme://user:password@hosts/database?parameters
struct Parts {
  std::string_view scheme;  ///< with "://"
  std::string_view user;
  std::string_view hosts;
  std::string_view database;  ///< with the slash before it
  std::vector<std::string_view> parameters;
};

Parts parts_of(std::string_view url) {
  Parts parts;
  const std::size_t begin = url.find("://") + 3;
  parts.scheme = url.substr(0, begin);
  std::string_view rest = url.substr(begin);
  if (const auto query = rest.find('?'); query != rest.npos) {
    std::string_view list = rest.substr(query + 1);
    rest = rest.substr(0, query);
    while (!list.empty()) {
      const std::size_t end = std::min(list.find('&'), list.size());
      if (end > 0) parts.parameters.push_back(list.substr(0, end));
      list.remove_prefix(std::min(end + 1, list.size()));
    }
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  parts.database = rest.substr(slash);
  parts.hosts = rest.substr(0, slash);
  if (const auto at = parts.hosts.rfind('@'); at != parts.hosts.npos) {
    parts.user = parts.hosts.substr(0, std::min(at, parts.hosts.find(':')));
    parts.hosts = parts.hosts.substr(at + 1);
  }
  return parts;
}

bool is_parameter(std::string_view parameter, std::string_view name) {
  return parameter.substr(0, parameter.find('=')) == name;
}

bool has(const Parts& parts, std::string_view name) {
  for (const std::string_view parameter : parts.parameters) {
    if (is_parameter(parameter, name)) return true;
  }
  return false;
}

/// Tried one after the other.
bool names_several(std::string_view hosts) {
  return hosts.find(',') != hosts.npos || hosts.find("%2C") != hosts.npos ||
         hosts.find("%2c") != hosts.npos;
}

/// Whether no byte leaves this machine: a socket, or one loopback address.
bool is_local(const Parts& parts) {
  if (has(parts, "host") || has(parts, "hostaddr")) {
    for (const std::string_view parameter : parts.parameters) {
      const std::string_view value = parameter.substr(parameter.find('=') + 1);
      if (is_parameter(parameter, "hostaddr")) return false;
      const bool is_socket = value.starts_with('/') || value.starts_with("%2F");
      if (is_parameter(parameter, "host") && (!is_socket || names_several(value))) return false;
    }
    return parts.hosts.empty();
  }
  std::string_view host = parts.hosts;
  if (names_several(host)) return false;
  if (host.starts_with("[::1]")) return true;
  host = host.substr(0, host.find(':'));
  return host.empty() || host == "localhost" || host == "127.0.0.1" || host.starts_with("%2F");
}

std::string joined(const Parts& parts) {
  std::string url(parts.scheme);
  if (!parts.user.empty()) url += std::string(parts.user) + "@";
  url += parts.hosts;
  url += parts.database;
  char before = '?';
  for (const std::string_view parameter : parts.parameters) {
    if (is_parameter(parameter, "password")) continue;
    url += before + std::string(parameter);
    before = '&';
  }
  return url;
}

/// RFC 3986: everything but letters, digits and a few signs as %XX.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char character : text) {
    const bool plain = (character >= 'a' && character <= 'z') ||
                       (character >= 'A' && character <= 'Z') ||
                       (character >= '0' && character <= '9');
    if (plain) {
      safe += character;
    } else {
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(character));
    }
  }
  return safe;
}

std::string with_parameter(std::string url, std::string_view name, std::string_view value) {
  url += url.find('?') == url.npos ? '?' : '&';
  return url.append(name).append("=").append(value);
}

}  // namespace

bool is_server_url(std::string_view location) { return location.find("://") != location.npos; }

std::string url_without_password(std::string_view url) { return joined(parts_of(url)); }

std::string url_with_password(std::string_view url, std::string_view password) {
  if (password.empty()) return std::string(url);
  return with_parameter(url_without_password(url), "password", escaped(password));
}

std::string url_with_defaults(std::string_view url) {
  const Parts parts = parts_of(url);
  std::string full(url);
  if (!has(parts, "sslmode") && !is_local(parts)) full = with_parameter(full, "sslmode", "require");
  // A machine that is gone without a word is noticed after a minute and a half, not after hours.
  constexpr std::pair<const char*, const char*> defaults[] = {
      {"connect_timeout", "10"}, {"keepalives_idle", "60"},     {"keepalives_interval", "10"},
      {"keepalives_count", "3"}, {"tcp_user_timeout", "90000"}, {"application_name", "paymentctl"},
  };
  for (const auto& [name, value] : defaults) {
    if (!has(parts, name)) full = with_parameter(full, name, value);
  }
  return full;
}

}  // namespace paymentctl
