#pragma once

#include <functional>
#include <string>

#include "notify/smtp_transport.hpp"
#include "run/box_session.hpp"

namespace paymentctl {

/// Access tokens by the box's MicrosoftOAuth.json, for its mailbox and its way out alike. The file
/// and its secret are read at the first token. The token is kept beside the archive, for the owner
/// alone. Errors of the result: those of read_oauth_file, resolve and TokenSource::token.
std::function<std::string(bool anew)> token_source_of(BoxSession& session);

/// What sending needs to know of the box's smtp* keys, which must be there. Reads smtpPassword.
SmtpSettings smtp_settings_of(BoxSession& session);

}  // namespace paymentctl
