#include <array>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fetch/oauth.hpp"
#include "model/masked.hpp"

namespace paymentctl {
namespace {

/// Error numbers of Microsoft Entra ID ("AADSTS…") and what an administrator does about each. {0}
/// is the application, {1} the tenant.
struct Advice {
  std::string_view number;
  std::string_view text;
};

constexpr Advice by_number[] = {
    {"7000222",
     "the client secret of the application {0} has expired; create a new one in Entra ID (App "
     "registrations, Certificates & secrets) and write its value to client_secret in "
     "MicrosoftOAuth.json"},
    {"7000215",
     "the client secret of the application {0} is wrong; write the secret's value, not its ID, to "
     "client_secret in MicrosoftOAuth.json, or create a new one in Entra ID (App registrations, "
     "Certificates & secrets)"},
    {"7000218", "client_secret in MicrosoftOAuth.json is missing; write the secret's value there"},
    {"700016",
     "the application {0} is not known in the tenant {1}; check client_id and tenant_id in "
     "MicrosoftOAuth.json"},
    {"7000112",
     "the application {0} is disabled; enable it in Entra ID (Enterprise applications, "
     "Properties)"},
    {"90002",
     "there is no tenant {1}; write the Directory (tenant) ID to tenant_id in "
     "MicrosoftOAuth.json"},
    {"900023",
     "\"{1}\" is no tenant; write the Directory (tenant) ID to tenant_id in "
     "MicrosoftOAuth.json"},
    {"65001",
     "an administrator has not consented to the permissions of the application {0}; in Entra ID "
     "(App registrations, API permissions) grant admin consent for POP.AccessAsApp and "
     "SMTP.SendAsApp"},
    {"501051",
     "the application {0} has no permission to Exchange Online; in Entra ID (App registrations, "
     "API "
     "permissions) add the application permission POP.AccessAsApp of Office 365 Exchange Online "
     "and grant admin consent"},
    {"500011",
     "the tenant {1} has no Exchange Online; check that tenant_id in MicrosoftOAuth.json is the "
     "tenant of the mailbox"},
    {"53003",
     "a Conditional Access policy of the tenant {1} blocks the application {0}; exclude it from "
     "the policy in Entra ID"},
    {"70011",
     "the token server does not know the scope; check that token_uri in "
     "MicrosoftOAuth.json is that of the Microsoft identity platform, v2.0"},
    {"1002012",
     "the token server does not know the scope; check that token_uri in "
     "MicrosoftOAuth.json is that of the Microsoft identity platform, v2.0"},
};

constexpr Advice by_name[] = {
    {"invalid_client",
     "the token server does not accept the application {0} or its secret; check client_id and "
     "client_secret in MicrosoftOAuth.json"},
    {"unauthorized_client",
     "the application {0} may not ask for a token by itself; check in Entra ID that it is "
     "registered in the tenant {1} and has application permissions with admin consent"},
    {"invalid_scope",
     "the token server does not know the scope; check token_uri in "
     "MicrosoftOAuth.json"},
    {"unsupported_grant_type",
     "the token server does not know the client-credentials grant; check "
     "token_uri in MicrosoftOAuth.json"},
};

std::string printable(std::string_view text, std::size_t longest) {
  std::string result;
  for (const char letter : text.substr(0, longest)) {
    result += letter < ' ' || letter == 0x7f ? ' ' : letter;
  }
  return result;
}

std::string member(const nlohmann::json& json, const char* name) {
  const auto found = json.is_object() ? json.find(name) : json.end();
  return json.is_object() && found != json.end() && found->is_string() ? found->get<std::string>()
                                                                       : std::string();
}

/// The digits behind "AADSTS" in the description.
std::string entra_number(std::string_view description) {
  static constexpr std::string_view mark = "AADSTS";
  std::size_t at = description.find(mark);
  if (at == std::string_view::npos) return {};
  at += mark.size();
  const std::size_t end = description.find_first_not_of("0123456789", at);
  return std::string(description.substr(at, end - at));
}

/// A server may repeat the form it was sent, as it is or with %XX.
std::string discreet(const OAuthClient& client, std::string text) {
  return masked(std::move(text), {form_encoded(client.client_secret), client.client_secret});
}

/// What the server said, short, and never our own secret.
std::string quoted(const OAuthClient& client, std::string text) {
  text = printable(discreet(client, std::move(text)), 160);
  return text.empty() ? text : " (\"" + text + "\")";
}

}  // namespace

std::string explain_token_error(const OAuthClient& client, int status, std::string_view body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  const std::string name = member(json, "error");
  const std::string description = member(json, "error_description");
  const std::string number = entra_number(description);
  const auto filled = [&](std::string_view text) {
    return fmt::format(fmt::runtime(text), printable(client.client_id, 80),
                       printable(client.tenant_id, 80));
  };
  for (const Advice& advice : by_number) {
    if (advice.number == number) return filled(advice.text) + " (AADSTS" + number + ")";
  }
  for (const Advice& advice : by_name) {
    if (advice.number == name) return filled(advice.text) + quoted(client, description);
  }
  if (name.empty()) {
    return fmt::format(
        "the token server answers with HTTP status {} and no reason; check token_uri in "
        "MicrosoftOAuth.json",
        status);
  }
  return fmt::format("the token server refuses: {}{}; check MicrosoftOAuth.json",
                     printable(discreet(client, name), 60), quoted(client, description));
}

}  // namespace paymentctl
