#pragma once

#include <stop_token>

#include <curl/curl.h>

namespace paymentctl {

/// For CURLOPT_XFERINFOFUNCTION, with a std::stop_token as its data: a transfer ends with
/// CURLE_ABORTED_BY_CALLBACK within a second of the stop. CURLOPT_NOPROGRESS has to be 0.
inline int abort_when_stopped(void* stop, curl_off_t /*to_come*/, curl_off_t /*came*/,
                              curl_off_t /*to_go*/, curl_off_t /*went*/) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

}  // namespace paymentctl
