#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace paymentctl {

/// What of a login may come back in a server's words, since some servers repeat the line they do
/// not like: the secret itself and what SASL makes of it (PLAIN, LOGIN, XOAUTH2).
std::vector<std::string> traces_of_login(std::string_view name, std::string_view secret);

/// `text` with three asterisks for each of `traces`.
std::string masked(std::string text, const std::vector<std::string>& traces);

}  // namespace paymentctl
