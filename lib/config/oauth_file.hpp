#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "config/secret.hpp"

namespace paymentctl {

/// MicrosoftOAuth.json in PaymentService's form.
struct OAuthFile {
  std::string client_id;
  std::string tenant_id;
  std::string auth_uri;  ///< may be empty: the client-credentials grant does not need it
  std::string token_uri;
  SecretSource client_secret;
};

/// Error(config) names the member and what is wanted, never what the secret is. Unknown members
/// mean nothing. `folder` is what a `file:` secret is relative to.
OAuthFile oauth_from_json(std::string_view json, const std::filesystem::path& folder);

/// Reads and checks the file. A missing one is Error(no_input).
OAuthFile read_oauth_file(const std::filesystem::path& file);

}  // namespace paymentctl
