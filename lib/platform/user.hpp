#pragma once

#include <cstdint>
#include <string>

namespace paymentctl {

/// The login name of whoever runs the program, in UTF-8; "uid 1000" or "unknown" where the system
/// has no name.
std::string login_name();

/// As the system numbers its users; 0 on Windows.
std::uint32_t own_user_id();

}  // namespace paymentctl
