#pragma once

#include <string_view>

namespace paymentctl {

/// Whether the value of a style attribute takes its element out of sight.
bool hides(std::string_view style);

}  // namespace paymentctl
