#pragma once

#include "cli.hpp"

namespace paymentctl::cli {

// One function a command, each in a file of its name; in the order of `paymentctl --help`.

}  // namespace paymentctl::cli
