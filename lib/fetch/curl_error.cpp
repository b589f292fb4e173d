#include "fetch/curl_error.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

namespace paymentctl {
namespace {

// X509_V_ERR_* of OpenSSL; other libraries leave the number at 0 and say it in words.
constexpr long not_yet_valid = 9;
constexpr long expired = 10;
constexpr long self_signed = 18;
constexpr long self_signed_in_chain = 19;
constexpr long unknown_issuer = 20;
constexpr long unknown_first_issuer = 21;
constexpr long other_name = 62;

bool says(const CurlFailure& failure, std::string_view words) {
  return failure.detail.find(words) != std::string::npos;
}

std::string explain_certificate(const CurlFailure& failure, std::string_view server) {
  const long result = failure.verify_result;
  if (result == expired || says(failure, "expired")) {
    return fmt::format(
        "the certificate of {} has expired; its operator has to renew it, or the clock of this "
        "machine is wrong",
        server);
  }
  if (result == not_yet_valid) {
    return fmt::format(
        "the certificate of {} is not valid yet; most likely the clock of this machine is wrong",
        server);
  }
  if (result == other_name || says(failure, "does not match") ||
      says(failure, "no alternative certificate subject name")) {
    return fmt::format(
        "the certificate of {} is for another name, so this may be another server; write the name "
        "that the certificate has",
        server);
  }
  if (result == self_signed || result == self_signed_in_chain || result == unknown_issuer ||
      result == unknown_first_issuer) {
    return fmt::format(
        "the certificate of {} is from an authority unknown here; if it is the right server, name "
        "its authority's PEM file as the CA file",
        server);
  }
  return fmt::format("the certificate of {} is refused: {}", server, failure.detail);
}

}  // namespace

std::string explain_connection(const CurlFailure& failure, std::string_view server) {
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return fmt::format("the name of {} is not known; check the address and this machine's DNS",
                         server);
    case CURLE_COULDNT_CONNECT:
      return fmt::format("nobody answers at {}; check the address, the port and the firewall",
                         server);
    case CURLE_OPERATION_TIMEDOUT:
      return fmt::format(
          "{} does not answer in time; check the address and the firewall, and whether the port "
          "expects TLS from the start",
          server);
    case CURLE_PEER_FAILED_VERIFICATION:
      return explain_certificate(failure, server);
    case CURLE_SSL_CACERT_BADFILE:
      return fmt::format("the file with authorities to trust for {} cannot be used: {}", server,
                         failure.detail);
    case CURLE_USE_SSL_FAILED:
      return fmt::format(
          "{} offers no STARTTLS, so the password is not sent; if the port expects TLS from the "
          "start, set pop3Tls to implicit",
          server);
    case CURLE_SSL_CONNECT_ERROR:
      return fmt::format(
          "no TLS with {}: {}; check that the port speaks TLS from the start, version 1.2 or newer",
          server, failure.detail);
    case CURLE_WEIRD_SERVER_REPLY:
      return fmt::format("{} answers, but not as such a server does; check the port", server);
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
      return fmt::format("{} broke off the connection{}; run again later", server,
                         says(failure, "errno") ? "" : ": " + failure.detail);
    default:
      return fmt::format("no connection with {}: {}", server,
                         failure.detail.empty()
                             ? curl_easy_strerror(static_cast<CURLcode>(failure.code))
                             : failure.detail.c_str());
  }
}

}  // namespace paymentctl
