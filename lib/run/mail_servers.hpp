#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "config/box.hpp"
#include "config/secrets.hpp"
#include "fetch/mailbox.hpp"
#include "notify/smtp_transport.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

/// What logging in needs: the settings, where their secrets are, and the time. All outlive the
/// settings that are made of it.
struct MailAccess {
  const Box& box;
  SecretStore& secrets;
  const Clock& clock;
  /// Whether a token is kept beside the archive, for the owner alone, so that the next process
  /// need not ask for one.
  bool keep_token = true;
  std::stop_token stop = {};
};

/// Access tokens by the box's MicrosoftOAuth.json, for its mailbox and its way out alike. The file
/// and its secret are read at the first token. Errors of the result: those of read_oauth_file,
/// resolve and TokenSource::token.
std::function<std::string(bool anew)> token_source_of(const MailAccess& access);

/// Where the box keeps its token for the next process.
std::filesystem::path token_file_of(const Box& box);

/// What sending needs to know of the box's smtp* keys, which must be there. Reads smtpPassword.
SmtpSettings smtp_settings_of(const MailAccess& access);

/// What fetching needs to know of the box's pop3* keys, which must be there. Reads pop3Password.
MailboxSettings mailbox_settings_of(const MailAccess& access);

}  // namespace paymentctl
