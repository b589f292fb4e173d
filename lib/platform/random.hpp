#pragma once

#include <string>

namespace paymentctl {

/// A random UUID (RFC 9562, version 4) from the system's generator, in lower case.
std::string random_uuid();

}  // namespace paymentctl
