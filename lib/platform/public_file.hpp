#pragma once

#include <filesystem>
#include <string_view>

namespace paymentctl {

/// As write_private_file, but everybody may read it: units of a service, numbers for a monitoring.
void write_public_file(const std::filesystem::path& path, std::string_view content);

}  // namespace paymentctl
