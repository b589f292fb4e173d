#pragma once

#include <optional>
#include <string>

#include "platform/dns.hpp"

namespace paymentctl {

/// One question to the system's resolver, or to `server` (see system_resolver): what differs
/// between operating systems.
TxtAnswer ask_system(const std::optional<DnsServer>& server, const std::string& name);

}  // namespace paymentctl
