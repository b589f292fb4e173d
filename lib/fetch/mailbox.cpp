#include "fetch/mailbox.hpp"

#include <memory>

#include "fetch/pop3_connection.hpp"
#include "fetch/pop3_session.hpp"
#include "model/error.hpp"
#include "model/masked.hpp"

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

/// Whatever the server said: it knows our secret, we do not repeat it.
template <typename Work>
void discreetly(const Pop3Connection& connection, Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    throw Error(error.code(), masked(error.what(), connection.traces()));
  }
}

}  // namespace

FetchReport fetch_mailbox(const MailboxSettings& settings, const FetchContext& context) {
  FetchReport report;
  for (int session = 0; session < most_sessions; ++session) {
    const auto connection = log_in(settings);
    bool has_more = false;
    discreetly(*connection,
               [&] { has_more = fetch_session(*connection, context, settings.bounds, report); });
    for (std::string& problem : report.problems) problem = masked(problem, connection->traces());
    if (!has_more) break;
  }
  return report;
}

std::uint64_t count_mailbox(const MailboxSettings& settings) {
  const auto connection = log_in(settings);
  std::uint64_t count = 0;
  discreetly(*connection, [&] { count = count_session(*connection, settings.bounds); });
  return count;
}

}  // namespace paymentctl
