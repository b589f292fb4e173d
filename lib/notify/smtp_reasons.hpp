#pragma once

#include <string>

#include "config/box.hpp"

namespace paymentctl {

/// Why a connection to `server` failed and what to do about it, one sentence without a full stop.
/// `curl_code` is libcurl's result, `curl_words` its message, `server_code` the last reply's code
/// or 0.
std::string smtp_failure(const MailServer& server, int curl_code, const std::string& curl_words,
                         long server_code);

}  // namespace paymentctl
