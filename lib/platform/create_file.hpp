#pragma once

#include <filesystem>

namespace paymentctl {

/// Creates an empty file that only its owner may read and write (0600), never over an existing one:
/// of two processes that try at once exactly one gets true. Error(cannot_create) when there is no
/// file afterwards.
bool create_private_file(const std::filesystem::path& path);

/// Makes a finished file durable under its name: `part` becomes `path`, which must not exist.
/// Errors: cannot_create, naming `path`, when there is one or it cannot be; io when it cannot be
/// flushed.
void keep_file(const std::filesystem::path& part, const std::filesystem::path& path);

}  // namespace paymentctl
