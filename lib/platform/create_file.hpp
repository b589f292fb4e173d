#pragma once

#include <filesystem>

namespace paymentctl {

/// Creates an empty file that only its owner may read and write (0600), never over an existing one:
/// of two processes that try at once exactly one gets true. Error(cannot_create) when there is no
/// file afterwards.
bool create_private_file(const std::filesystem::path& path);

}  // namespace paymentctl
