#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock.hpp"
#include "platform/name_list.hpp"

namespace paymentctl {

/// What this file throws is an Error that names the file, what the system said and what to do:
/// no_input where something to read is missing or closed to us, cannot_create where something to
/// write may not be there (no permission, read-only), io for a full disk and every other failure.

/// A file as its folder shows it. Two equal looks mean that nobody has written in between, as far
/// as the file system's clock can tell.
struct FileFacts {
  FileType type = FileType::other;
  std::uint64_t size = 0;
  Timestamp modified;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileFacts&) const = default;
};

/// Does not follow a symbolic link. Nothing there: nullopt.
std::optional<FileFacts> look_at(const std::filesystem::path& path);

/// What stands under a name of the folder, as the folder said or else as `path` looks. Nothing any
/// more: nullopt.
std::optional<FileType> type_of(const NameList& names, std::size_t index,
                                const std::filesystem::path& path);

/// The whole content. More than `limit` bytes: nullopt, and not more than that is read.
std::optional<std::string> read_file_within(const std::filesystem::path& path, std::uint64_t limit);

/// The whole content. More than `limit` bytes: Error(data).
std::string read_file(const std::filesystem::path& path, std::uint64_t limit);

/// Hands the content to `take` in pieces of at most 64 KiB, however large the file. A symbolic link
/// or anything but a regular file is Error(no_input). Returns the file's facts when no write came
/// between the first byte and the last; nullopt when one did, and what `take` got must be dropped.
std::optional<FileFacts> read_stable(const std::filesystem::path& path,
                                     const std::function<void(std::string_view)>& take);

/// The names in a folder (not paths), sorted by bytes, without "." and "..". The first way for
/// folders that may hold very many.
NameList names_in(const std::filesystem::path& folder);
std::vector<std::string> list_folder(const std::filesystem::path& folder);

/// Creates the folder and those above it, open to their owner only (0700), and makes the new
/// entries durable. A folder that is there stays as it is.
void create_folders(const std::filesystem::path& folder);

/// Whether there was something to remove.
bool remove_file(const std::filesystem::path& path);

/// Replaces `path` durably in one step: a reader sees the old content or the new, never a part.
/// Only the owner may read it (0600).
void write_private_file(const std::filesystem::path& path, std::string_view content);
/// The same, but everybody may read it: units of a service, numbers for a monitoring.
void write_public_file(const std::filesystem::path& path, std::string_view content);

/// For messages and for the ledger: UTF-8, '/' between folders on every system.
std::string display(const std::filesystem::path& path);

}  // namespace paymentctl
