#pragma once

#include <string>

namespace paymentctl {

/// The login name of whoever runs the program, in UTF-8; "uid 1000" or "unknown" where the system
/// has no name.
std::string login_name();

}  // namespace paymentctl
