#pragma once

#include <string>
#include <vector>

namespace paymentctl {

/// Arguments as one line, as programs for Windows take it apart again (CommandLineToArgvW and the C
/// library). UTF-8; the same on every system.
std::string windows_command_line(const std::vector<std::string>& arguments);

}  // namespace paymentctl
