#pragma once

#include <cstddef>
#include <filesystem>

#include "platform/descriptor.hpp"

namespace paymentctl {

/// Writes everything or throws. Only for the implementation files of platform/.
void write_all(const Descriptor& file, const char* data, std::size_t size,
               const std::filesystem::path& path);

/// The content of one file reaches the disk.
void flush_file(const Descriptor& file, const std::filesystem::path& path);

/// The entries of a folder reach the disk.
void flush_folder(const std::filesystem::path& folder);

/// Everything written to the file system of `folder` reaches the disk, where the system has that in
/// one call; false where it has not.
bool flush_file_system(const std::filesystem::path& folder);

}  // namespace paymentctl
