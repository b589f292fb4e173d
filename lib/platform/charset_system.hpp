#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace paymentctl {

/// By the system's converter; `name` in lower case and of an offered family. nullopt where the name
/// is not known or the bytes are not allowed. Only for charset.cpp.
std::optional<std::string> convert_by_system(std::string_view bytes, const std::string& name);

}  // namespace paymentctl
