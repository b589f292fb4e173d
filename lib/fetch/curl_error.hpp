#pragma once

#include <string>
#include <string_view>

namespace paymentctl {

/// What a transfer of libcurl ended with. The numbers are its own, so that this header does not
/// need its.
struct CurlFailure {
  int code = 0;            ///< CURLcode
  std::string detail;      ///< CURLOPT_ERRORBUFFER
  long verify_result = 0;  ///< CURLINFO_SSL_VERIFYRESULT
};

/// Why a server could not be reached safely and what to do, in a sentence. `server` is "host:port".
std::string explain_connection(const CurlFailure& failure, std::string_view server);

}  // namespace paymentctl
