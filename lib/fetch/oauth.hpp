#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock.hpp"

namespace paymentctl {

/// What MicrosoftOAuth.json says. The client-credentials grant needs the tenant itself, so
/// "organizations" (and "common") in the address gives way to `tenant_id`.
struct OAuthClient {
  std::string tenant_id;
  std::string client_id;
  std::string client_secret;
  std::string token_uri;
};

/// What an HTTPS server answered to a form that was posted.
struct HttpReply {
  int status = 0;
  std::string body;                                 ///< at most 1 MiB
  std::optional<std::chrono::seconds> retry_after;  ///< of the header with this name
};
using PostForm = std::function<HttpReply(const std::string& address, const std::string& form)>;

/// POST by HTTPS, at most 30 s, no redirection; http:// only to this machine. Error(unavailable)
/// when the server cannot be reached, with the reason in words; Error(temporary) after a stop.
PostForm https_post(std::optional<std::filesystem::path> ca_file = std::nullopt,
                    std::stop_token stop = {});

/// Tokens for POP and SMTP of Microsoft 365 by the client-credentials grant (RFC 6749, 4.4), scope
/// https://outlook.office365.com/.default. One is kept in memory, and in `file` (0600) for the next
/// process, until five minutes before it expires, or half its life where that is less. `file` holds
/// a digest of the client's ids and address with it, so that a token of other settings is not used.
/// An empty `file` means that nothing is kept on disk.
class TokenSource {
 public:
  TokenSource(OAuthClient client, std::filesystem::path file, const Clock& clock, PostForm post,
              std::function<void(std::chrono::milliseconds)> sleep);

  /// Errors: permission where the administrator has to do something, and the message says what;
  /// unavailable when the token server does not answer or keeps saying "later" (three tries).
  std::string token(bool anew = false);

 private:
  struct Kept {
    std::string token;
    std::int64_t good_until = 0;  ///< seconds since 1970
    std::int64_t fetched_at = 0;
  };

  [[nodiscard]] bool is_good(const Kept& kept) const;
  [[nodiscard]] Kept read_kept() const;
  void keep() const;
  Kept fetch();

  OAuthClient client_;
  std::filesystem::path file_;
  const Clock& clock_;
  PostForm post_;
  std::function<void(std::chrono::milliseconds)> sleep_;
  std::string settings_digest_;
  Kept kept_;
};

/// When the token in the file of a TokenSource was given, which is when the secret last worked;
/// nullopt where there is none.
std::optional<Timestamp> token_fetched_at(const std::filesystem::path& file);

/// The application permissions in a token ("POP.AccessAsApp"), for doctor: Entra ID gives a token
/// to an application without any permission too, and the mailbox then refuses it without a reason.
/// Nothing is verified, the mail server does that; what is no readable token has none.
std::vector<std::string> token_roles(std::string_view token);

/// Where the token is asked for: `token_uri` with the tenant in place. Not https (but to this
/// machine), or no tenant: Error(config).
std::string token_address(const OAuthClient& client);

/// RFC 3986: everything but the unreserved characters as %XX.
std::string form_encoded(std::string_view text);

/// What the administrator has to do, in a sentence, from the error that the token server sent.
/// Never quotes the secret.
std::string explain_token_error(const OAuthClient& client, int status, std::string_view body);

}  // namespace paymentctl
