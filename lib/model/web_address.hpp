#pragma once

#include <string_view>

namespace paymentctl {

/// Whether a secret may be sent to this address: by HTTPS, or by HTTP within this machine. A login
/// in front of the host (`user@`) is refused, since what looks like the host there is none.
bool may_send_secret(std::string_view address);

}  // namespace paymentctl
