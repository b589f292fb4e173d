#include "run/mail_servers.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "config/oauth_file.hpp"
#include "config/secrets.hpp"
#include "fetch/oauth.hpp"
#include "model/error.hpp"
#include "platform/paths.hpp"
#include "platform/stop.hpp"

namespace paymentctl {
namespace {

std::shared_ptr<TokenSource> open_source(const MailAccess& access) {
  const OAuthFile file = read_oauth_file(access.box.oauth_file());
  const Secret secret = resolve(file.client_secret, access.secrets);
  std::filesystem::path kept;
  if (access.keep_token) kept = token_file_of(access.box);
  return std::make_shared<TokenSource>(
      OAuthClient{file.tenant_id, file.client_id, secret.reveal(), file.token_uri}, kept,
      access.clock, https_post(std::nullopt, access.stop),
      [stop = access.stop](std::chrono::milliseconds pause) { sleep_unless_stopped(stop, pause); });
}

/// The password of a login with one; empty where there is none.
Secret password_of(const char* key, const MailServer& server, SecretStore& secrets) {
  return find_secret(key, server.password, secrets).value_or(Secret());
}

MailboxTls mailbox_tls(Tls tls) {
  switch (tls) {
    case Tls::implicit:
      return MailboxTls::implicit;
    case Tls::starttls:
      return MailboxTls::starttls;
    case Tls::off:
      return MailboxTls::off;
  }
  throw Error(ExitCode::software, "a way of TLS without a name");
}

}  // namespace

std::filesystem::path token_file_of(const Box& box) {
  return box.archive_dir / path_from_utf8("." + box.name + ".token");
}

std::function<std::string(bool anew)> token_source_of(const MailAccess& access) {
  std::shared_ptr<TokenSource> source;
  return [access, source](bool anew) mutable {
    if (!source) source = open_source(access);
    return source->token(anew);
  };
}

SmtpSettings smtp_settings_of(const MailAccess& access) {
  SmtpSettings settings;
  settings.server = *access.box.smtp;
  settings.stop = access.stop;
  settings.limits.answer = access.box.server_timeout;
  settings.limits.connect = std::min(settings.limits.connect, settings.limits.answer);
  if (settings.server.oauth) {
    settings.token = token_source_of(access);
  } else if (!settings.server.name.empty()) {
    settings.password = password_of("smtpPassword", settings.server, access.secrets);
  }
  return settings;
}

MailboxSettings mailbox_settings_of(const MailAccess& access) {
  const MailServer& server = *access.box.pop3;
  MailboxSettings settings;
  settings.host = server.endpoint.host;
  settings.port = server.endpoint.port;
  settings.tls = mailbox_tls(server.tls);
  settings.ca_file = server.ca_file;
  settings.name = server.name;
  settings.loopback = server.endpoint.is_loopback();
  settings.stop = access.stop;
  settings.bounds.silence = access.box.server_timeout;
  settings.connect_time = std::min(settings.connect_time, access.box.server_timeout);
  if (server.oauth) {
    settings.token = token_source_of(access);
  } else {
    settings.password = password_of("pop3Password", server, access.secrets).reveal();
  }
  return settings;
}

}  // namespace paymentctl
