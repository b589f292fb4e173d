#include "config/oauth_file.hpp"

#include <fmt/format.h>

#include "config/values.hpp"
#include "model/error.hpp"
#include "model/json.hpp"
#include "model/visible.hpp"
#include "model/web_address.hpp"
#include "platform/files.hpp"

namespace paymentctl {
namespace {

constexpr std::uint64_t largest_oauth_file = 64u << 10;
constexpr std::size_t longest_value = 4096;

[[noreturn]] void refuse(std::string_view member, std::string_view wanted) {
  throw Error(ExitCode::config, fmt::format("\"web\".\"{}\": wanted {}", member, wanted));
}

std::string text(const Json& web, const char* member, bool required = true) {
  const auto found = web.find(member);
  if (found == web.end() || found->is_null()) {
    if (required) refuse(member, "a string, but it is missing");
    return {};
  }
  if (!found->is_string()) refuse(member, "a string");
  auto value = found->get<std::string>();
  if (required && value.empty()) refuse(member, "a string that is not empty");
  if (value.size() > longest_value || visible(value) != value) {
    refuse(member, "one line of at most 4096 bytes");
  }
  return value;
}

/// A GUID, or a domain name for a tenant.
std::string id(const Json& web, const char* member) {
  auto value = text(web, member);
  if (value.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.") !=
      std::string::npos) {
    refuse(member, "letters, digits, hyphens and full stops, as Entra ID shows it");
  }
  return value;
}

}  // namespace

OAuthFile oauth_from_json(std::string_view json, const std::filesystem::path& folder) {
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  Json all;
  try {
    all = json_object(json);
  } catch (const Error& error) {
    // the text around the fault could be the secret, so the reason is left out
    throw Error(ExitCode::config,
                "is not a JSON object; wanted {\"web\":{\"client_id\",\"tenant_id\",\"auth_uri\","
                "\"token_uri\",\"client_secret\"}}");
  }
  const auto web = all.find("web");
  if (web == all.end() || !web->is_object()) {
    throw Error(ExitCode::config, "\"web\": wanted an object, as PaymentService has it");
  }
  OAuthFile file;
  file.client_id = id(*web, "client_id");
  file.tenant_id = id(*web, "tenant_id");
  file.auth_uri = text(*web, "auth_uri", false);
  file.token_uri = text(*web, "token_uri");
  if (!may_send_secret(file.token_uri)) {
    refuse("token_uri", "an address that begins with https:// and a host");
  }
  const std::string given = text(*web, "client_secret", false);
  if (given.empty()) {
    file.client_secret = {SecretSource::Kind::credential, "client_secret", {}, {}};
    return file;
  }
  auto secret = secret_from("client_secret", given, folder);
  if (!secret) {
    refuse("client_secret", "the secret itself, env:NAME, file:PATH or command:PROGRAM ARGS");
  }
  file.client_secret = *std::move(secret);
  return file;
}

OAuthFile read_oauth_file(const std::filesystem::path& file) {
  if (!look_at(file)) {
    throw Error(ExitCode::no_input,
                fmt::format("{} is not there; it holds the application's registration in Entra ID",
                            display(file)));
  }
  return within(display(file), [&] {
    return oauth_from_json(read_file(file, largest_oauth_file), file.parent_path());
  });
}

}  // namespace paymentctl
