#include "config/values.hpp"

#include <algorithm>
#include <charconv>

#include "config/paths.hpp"
#include "model/ascii.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

bool is_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  std::size_t label = 0;
  char before = '.';
  for (const char letter : host) {
    if (letter == '.') {
      if (label == 0 || before == '-') return false;
      label = 0;
    } else {
      const bool hyphen = letter == '-' && label > 0;
      if (!is_letter(letter) && !ascii::is_digit(letter) && letter != '_' && !hyphen) return false;
      if (++label > 63) return false;
    }
    before = letter;
  }
  return label > 0 && before != '-';
}

/// Close enough to tell an address from a typing error; the resolver has the last word.
bool is_ipv6(std::string_view host) {
  const auto colons = std::count(host.begin(), host.end(), ':');
  return colons >= 2 && colons <= 7 && host.size() <= 45 &&
         host.find_first_not_of("0123456789abcdefABCDEF:.") == host.npos &&
         host.find(":::") == host.npos;
}

std::optional<Authentication> authentication_word(std::string_view text) {
  if (text == "off") return Authentication::off;
  if (text == "weak") return Authentication::weak;
  if (text == "strong") return Authentication::strong;
  return std::nullopt;
}

bool is_bank_id(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || ascii::is_digit(c) || c == '-' || c == '_';
  });
}

}  // namespace

std::optional<bool> boolean_from(std::string_view text) {
  const std::string word = ascii::lower(text);
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

std::optional<int> whole_number_from(std::string_view text, int smallest, int largest) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || !ascii::is_digit(text[0]) || error != std::errc() ||
      end != text.data() + text.size() || value < smallest || value > largest) {
    return std::nullopt;
  }
  return value;
}

std::optional<int> minutes_from(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon > 2 || text.size() != colon + 3) {
    return std::nullopt;
  }
  const auto hour = whole_number_from(text.substr(0, colon), 0, 23);
  const auto minute = whole_number_from(text.substr(colon + 1), 0, 59);
  if (!hour || !minute) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<std::uint64_t> size_from(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = whole_number_from(text.substr(0, digits), 1, 1 << 30);
  const std::string unit = ascii::lower(ascii::trim(text.substr(digits)));
  const int shift = unit.empty() || unit == "b" ? 0
                    : unit == "kb"              ? 10
                    : unit == "mb"              ? 20
                    : unit == "gb"              ? 30
                                                : -1;
  if (!count || shift < 0) return std::nullopt;
  const std::uint64_t size = static_cast<std::uint64_t>(*count) << shift;
  if (size < 1024 || size > (1u << 30)) return std::nullopt;
  return size;
}

std::optional<std::chrono::seconds> interval_from(std::string_view text) {
  constexpr int longest = 7 * 24 * 3600;
  if (text.empty()) return std::nullopt;
  const char unit = text.back();
  const int seconds = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
  if (seconds == 0) return std::nullopt;
  const auto count = whole_number_from(text.substr(0, text.size() - 1), 1, longest / seconds);
  return count ? std::optional(std::chrono::seconds(*count * seconds)) : std::nullopt;
}

std::optional<Endpoint> endpoint_from(std::string_view text, int default_port) {
  Endpoint endpoint;
  std::string_view host = text;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return std::nullopt;
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!is_ipv6(host)) return std::nullopt;
  } else if (!is_ipv6(text)) {
    const auto colon = text.find(':');
    host = text.substr(0, colon);
    if (colon != text.npos) rest = text.substr(colon);
    if (!is_host_name(host)) return std::nullopt;
  }
  endpoint.host = ascii::lower(host);
  endpoint.port = default_port;
  if (!rest.empty()) {
    const auto port = whole_number_from(rest.substr(1), 1, 65535);
    if (rest[0] != ':' || !port) return std::nullopt;
    endpoint.port = *port;
    endpoint.port_given = true;
  }
  return endpoint;
}

bool is_mail_address(std::string_view text) {
  constexpr std::string_view atoms = ".!#$%&'*+-/=?^_`{|}~";
  const auto at = text.rfind('@');
  if (at == text.npos || at == 0 || at > 64 || text.size() > 254) return false;
  const std::string_view local = text.substr(0, at);
  const bool plain = std::all_of(local.begin(), local.end(), [atoms](char letter) {
    return is_letter(letter) || ascii::is_digit(letter) || atoms.find(letter) != atoms.npos;
  });
  return plain && local.front() != '.' && local.back() != '.' && local.find("..") == local.npos &&
         is_host_name(text.substr(at + 1));
}

std::vector<std::string_view> list_from(std::string_view text, bool semicolons) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(semicolons ? ",;" : ","), text.size());
    if (const std::string_view part = ascii::trim(text.substr(0, end)); !part.empty()) {
      parts.push_back(part);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::optional<OwnAccount> own_account_from(std::string_view text) {
  const auto colon = text.find(':');
  const auto account = AccountNumber::parse(ascii::trim(text.substr(0, colon)));
  if (!account) return std::nullopt;
  OwnAccount own{*account};
  if (colon != text.npos) {
    const auto currency = Currency::from_code(ascii::trim(text.substr(colon + 1)));
    if (!currency) return std::nullopt;
    own.currency = *currency;
  }
  return own;
}

std::optional<AuthenticationRule> authentication_from(std::string_view text) {
  AuthenticationRule rule;
  for (const std::string_view part : list_from(text, false)) {
    const auto colon = part.find(':');
    if (colon == part.npos) {
      const auto level = authentication_word(part);
      if (!level || rule.general) return std::nullopt;
      rule.general = level;
      continue;
    }
    const std::string_view bank = ascii::trim(part.substr(0, colon));
    const auto level = authentication_word(ascii::trim(part.substr(colon + 1)));
    if (!is_bank_id(bank) || !level) return std::nullopt;
    if (!rule.by_bank.emplace(std::string(bank), *level).second) return std::nullopt;
  }
  return rule;
}

std::optional<SecretSource> secret_from(std::string_view key, std::string_view text,
                                        const std::filesystem::path& folder) {
  SecretSource source;
  source.key = std::string(key);
  const auto behind = [&text](std::string_view prefix) -> std::optional<std::string_view> {
    if (!text.starts_with(prefix)) return std::nullopt;
    return ascii::trim(text.substr(prefix.size()));
  };
  if (const auto name = behind("env:")) {
    source.kind = SecretSource::Kind::environment;
    source.where = std::string(*name);
    if (name->find('=') != name->npos) return std::nullopt;
  } else if (const auto path = behind("file:")) {
    const auto file = path_from_setting(*path, folder);
    if (!file) return std::nullopt;
    source.kind = SecretSource::Kind::file;
    source.where = utf8_of(*file);
  } else if (const auto command = behind("command:")) {
    source.kind = SecretSource::Kind::command;
    source.where = std::string(*command);
  } else {
    source.clear = Secret(std::string(text));
    return source;
  }
  if (source.where.empty()) return std::nullopt;
  return source;
}

}  // namespace paymentctl
