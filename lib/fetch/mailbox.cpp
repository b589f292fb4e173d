#include "fetch/mailbox.hpp"

#include <memory>

#include "fetch/pop3_connection.hpp"
#include "fetch/pop3_session.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

// A server that always finds more mails must not keep us for ever.
constexpr int most_sessions = 100;

std::string usable(std::string token) {
  if (token.empty()) throw Error(ExitCode::permission, "the token for the mailbox is empty");
  return token;
}

std::unique_ptr<Pop3Connection> log_in(const MailboxSettings& settings) {
  if (!settings.token) return std::make_unique<Pop3Connection>(settings, std::string());
  const std::string token = usable(settings.token(false));
  try {
    return std::make_unique<Pop3Connection>(settings, token);
  } catch (const Error& error) {
    if (error.code() != ExitCode::permission) throw;
  }
  // The kept token may have been revoked before its time.
  return std::make_unique<Pop3Connection>(settings, usable(settings.token(true)));
}

}  // namespace

FetchReport fetch_mailbox(const MailboxSettings& settings, const FetchContext& context) {
  FetchReport report;
  for (int session = 0; session < most_sessions; ++session) {
    const auto connection = log_in(settings);
    if (!fetch_session(*connection, context, settings.bounds, report)) break;
  }
  return report;
}

std::uint64_t count_mailbox(const MailboxSettings& settings) {
  const auto connection = log_in(settings);
  return count_session(*connection, settings.bounds);
}

}  // namespace paymentctl
