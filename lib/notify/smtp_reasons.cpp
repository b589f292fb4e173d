#include "notify/smtp_reasons.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include "model/visible.hpp"

namespace paymentctl {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// libcurl tells the cases apart by OpenSSL's words alone, or by Schannel's.
std::string certificate_failure(const MailServer& server, const std::string& words) {
  const std::string& host = server.endpoint.host;
  if (contains(words, "expired") || contains(words, "EXPIRED")) {
    return "its certificate has expired; the server's administrator must renew it";
  }
  if (contains(words, "not yet valid")) {
    return "its certificate is not valid yet; check the clock of this machine";
  }
  if (contains(words, "subject name") || contains(words, "WRONG_PRINCIPAL")) {
    return fmt::format(
        "its certificate is for another name than {}; set smtpServer to the name that the "
        "certificate has",
        host);
  }
  if (contains(words, "issuer") || contains(words, "self-signed") ||
      contains(words, "self signed") || contains(words, "UNTRUSTED_ROOT")) {
    return fmt::format(
        "its certificate comes from an unknown authority; if it is your own, set smtpCaFile to "
        "the authority's certificate ({})",
        words);
  }
  return fmt::format("its certificate is not accepted: {}", words);
}

std::string login_failure(const MailServer& server, const std::string& words, long server_code) {
  // A refused token is told in a 334, after which libcurl does not wait for the 535.
  if (server_code < 300) {
    return server.is_exposed()
               ? "it offers no login that keeps the password secret without TLS; set smtpTls to "
                 "starttls or implicit"
               : fmt::format("it offers no way to log in that we know ({})", words);
  }
  if (server_code >= 400 && server_code < 500) return "it cannot check the login now";
  return server.oauth ? fmt::format(
                            "it refused the login of {} with the OAuth token; check the permission "
                            "SMTP.SendAsApp and the mailbox's access",
                            server.name)
                      : fmt::format("it refused the login of {}; check smtpName and smtpPassword",
                                    server.name);
}

}  // namespace

std::string smtp_failure(const MailServer& server, int curl_code, const std::string& curl_words,
                         long server_code) {
  const std::string words = one_line(curl_words).substr(0, 300);
  switch (curl_code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "its name is not known; check smtpServer and the network";
    case CURLE_COULDNT_CONNECT:
      return fmt::format("it cannot be reached ({})", words);
    case CURLE_OPERATION_TIMEDOUT:
      return "it did not answer in time; check smtpServer, its port and smtpTls";
    case CURLE_PEER_FAILED_VERIFICATION:
      return certificate_failure(server, words);
    case CURLE_SSL_CACERT_BADFILE:
      return fmt::format("the authorities in smtpCaFile cannot be read ({})", words);
    case CURLE_USE_SSL_FAILED:
      return "it offers no STARTTLS, and without TLS nothing is sent; check smtpTls and the port";
    case CURLE_SSL_CONNECT_ERROR:
      return fmt::format("TLS could not be agreed on; check smtpTls and the port ({})", words);
    case CURLE_LOGIN_DENIED:
      return login_failure(server, words, server_code);
    default:
      break;
  }
  if (server_code >= 400) {
    return "it does not serve us now";
  }
  return fmt::format("the connection failed ({})", words);
}

}  // namespace paymentctl
