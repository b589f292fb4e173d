#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "config/box.hpp"
#include "config/secret.hpp"
#include "notify/mail_transport.hpp"

namespace paymentctl {

/// How long a server may take. RFC 5321 would have us wait up to ten minutes for the last answer;
/// a notification that is tried again can wait less.
struct SmtpLimits {
  std::chrono::milliseconds connect{20'000};   ///< until logged in: TCP, TLS, greeting, login
  std::chrono::milliseconds answer{60'000};    ///< one answer
  std::chrono::milliseconds mail{180'000};     ///< one mail from beginning to end
  std::chrono::milliseconds last_words{5000};  ///< for the mail in hand after a stop
};

struct SmtpSettings {
  MailServer server;
  Secret password;  ///< of server.name; not looked at with server.oauth
  /// An access token for server.oauth; `anew` after a login that was refused with the one before.
  /// May throw Error.
  std::function<std::string(bool anew)> token;
  SmtpLimits limits;
  std::stop_token stop = {};
};

/// SMTP (RFC 5321) by libcurl. STARTTLS, where it is set, is required; TLS is at least 1.2 and the
/// certificate must be valid for the server's name. Login by PLAIN or LOGIN as offered, without TLS
/// to another machine only by methods that do not send the password; or XOAUTH2, only over TLS or
/// to this machine. Connects at the first mail.
class SmtpTransport : public MailTransport {
 public:
  explicit SmtpTransport(SmtpSettings settings);
  ~SmtpTransport() override;
  SmtpTransport(const SmtpTransport&) = delete;
  SmtpTransport& operator=(const SmtpTransport&) = delete;

  SendResult send(const OutgoingMail& mail) override;

  /// For doctor: connects and logs in, sends nothing. `sent` when that works, else `unavailable`
  /// and why.
  SendResult probe();

 private:
  struct Session;
  std::unique_ptr<Session> session_;
};

}  // namespace paymentctl
