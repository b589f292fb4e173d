#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace paymentctl {

/// A path as box.xml has it, made absolute: relative ones are relative to `folder`. Backslashes
/// separate on every system, since the file may have been written on Windows; a drive or a share
/// ("C:\…", "\\server\…") elsewhere than on Windows, and a NUL, are nullopt.
std::optional<std::filesystem::path> path_from_setting(std::string_view value,
                                                       const std::filesystem::path& folder);

}  // namespace paymentctl
