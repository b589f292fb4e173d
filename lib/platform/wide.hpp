#pragma once

#ifdef _WIN32
#include <string>
#include <string_view>

namespace paymentctl {

/// Between our UTF-8 and the UTF-16 of Windows; what is not allowed becomes U+FFFD. Only for the
/// implementation files of platform/.
std::wstring widen(std::string_view text);
std::string narrow(std::wstring_view wide);

}  // namespace paymentctl
#endif
