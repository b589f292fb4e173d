#include "run/mail_servers.hpp"

#include <memory>
#include <thread>
#include <utility>

#include "config/oauth_file.hpp"
#include "config/secrets.hpp"
#include "fetch/oauth.hpp"

namespace paymentctl {
namespace {

std::shared_ptr<TokenSource> open_source(BoxSession& session) {
  const OAuthFile file = read_oauth_file(session.box.oauth_file());
  const Secret secret = resolve(file.client_secret, *session.secrets);
  return std::make_shared<TokenSource>(
      OAuthClient{file.tenant_id, file.client_id, secret.reveal(), file.token_uri},
      session.box.archive_dir / ("." + session.box.name + ".token"), session.clock, https_post(),
      [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); });
}

}  // namespace

std::function<std::string(bool anew)> token_source_of(BoxSession& session) {
  std::shared_ptr<TokenSource> source;
  return [&session, source](bool anew) mutable {
    if (!source) source = open_source(session);
    return source->token(anew);
  };
}

SmtpSettings smtp_settings_of(BoxSession& session) {
  SmtpSettings settings;
  settings.server = *session.box.smtp;
  if (settings.server.oauth) {
    settings.token = token_source_of(session);
  } else if (!settings.server.name.empty()) {
    if (auto found = find_secret("smtpPassword", settings.server.password, *session.secrets)) {
      settings.password = std::move(*found);
    }
  }
  return settings;
}

}  // namespace paymentctl
