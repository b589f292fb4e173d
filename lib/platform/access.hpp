#pragma once

#include <filesystem>
#include <string>

namespace paymentctl {

/// Whether other users of the machine may read the file: on Windows, whether it is open to
/// everybody, to all users or to guests.
bool others_may_read(const std::filesystem::path& file);

/// The command that takes this right from them.
std::string advice_against_readers(const std::filesystem::path& file);

/// The folder itself, or the nearest one above it that is there.
std::filesystem::path nearest_folder(std::filesystem::path folder);

/// Whether we may create files in the folder, as far as permissions and mounts say.
bool may_write_in(const std::filesystem::path& folder);

}  // namespace paymentctl
