// MicrosoftOAuth.json and what a token server answers. A secret may be sent by HTTPS or within this
// machine only, and a token is one word.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "config/oauth_file.hpp"
#include "fetch/oauth.hpp"
#include "model/error.hpp"

using namespace paymentctl;

namespace {

void read_settings(std::string_view json) {
  try {
    const OAuthFile file = oauth_from_json(json, "/box");
    static_cast<void>(token_address({file.tenant_id, file.client_id, "secret", file.token_uri}));
  } catch (const Error& error) {
    if (error.code() != ExitCode::config) std::abort();
  }
}

void read_answer(const std::string& body, int status) {
  const OAuthClient client{"tenant", "client", "a-secret-of-ours", "https://login.example/token"};
  try {
    TokenSource source(
        client, {}, system_clock(),
        [&](const std::string&, const std::string&) {
          return HttpReply{status, body, {}};
        },
        [](std::chrono::milliseconds) {});
    const std::string token = source.token();
    const bool is_word = std::all_of(token.begin(), token.end(),
                                     [](char letter) { return letter > ' ' && letter < 0x7f; });
    if (token.empty() || !is_word) std::abort();
    static_cast<void>(token_roles(token));
  } catch (const Error& error) {
    const std::string_view told = error.what();
    if (body.find(client.client_secret) == std::string::npos &&
        told.find(client.client_secret) != std::string_view::npos) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  read_settings(text);
  for (const int status : {200, 400, 503}) read_answer(text, status);
  static_cast<void>(token_roles(text));
  return 0;
}
