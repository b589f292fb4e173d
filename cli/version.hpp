#pragma once

#include <string>

namespace paymentctl::cli {

/// "paymentctl 0.1.0" and the versions of the libraries that it was built with, in lines.
std::string version_text();

}  // namespace paymentctl::cli
