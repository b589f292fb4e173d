#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platform/descriptor.hpp"
#include "platform/files.hpp"
#include "platform/name_list.hpp"

/// The calls on files in which systems differ, as thin as they can be: what fails leaves the reason
/// in errno on every system, and the caller makes the message. Only for the implementation files of
/// platform/.
namespace paymentctl::system_file {

enum class Links { follow, refuse };

/// Not open when it fails; a link that is refused fails with ELOOP, at the latest as the type in
/// facts(). A pipe without a writer does not hold us.
Descriptor open_to_read(const std::filesystem::path& path, Links links);
/// Like open_to_read with Links::refuse, and where the system can tell, a file that somebody has
/// open for writing fails with EBUSY.
Descriptor open_unless_written(const std::filesystem::path& path);
/// A new file for its owner only, ready to be written. Never an existing one: EEXIST.
Descriptor create(const std::filesystem::path& path);
/// A file to lock, for its owner only, created where missing, read and written; no link.
Descriptor open_or_create(const std::filesystem::path& path);

std::optional<FileFacts> facts(const Descriptor& file);
/// Does not follow a link.
std::optional<FileFacts> facts(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);

/// How many bytes; 0 at the end, -1 for a failure.
std::ptrdiff_t read(const Descriptor& file, char* data, std::size_t size);
std::ptrdiff_t write(const Descriptor& file, const char* data, std::size_t size);
/// Nothing is left in it, and writing goes on at its beginning.
bool truncate(const Descriptor& file);

bool flush(const Descriptor& file);
/// The same for a file that is not open, and for the entries of a folder.
bool flush_file(const std::filesystem::path& path);
bool flush_folder(const std::filesystem::path& folder);
/// All of the file system that holds `folder`; ENOSYS where there is no such call.
bool flush_file_system(const std::filesystem::path& folder);

/// Replaces what stands at `to`.
bool rename_over(const std::filesystem::path& from, const std::filesystem::path& to);
/// Never replaces: EEXIST.
bool rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to);
bool remove(const std::filesystem::path& path);

/// Open to its owner only.
bool make_folder(const std::filesystem::path& folder);
/// The names in it in UTF-8, in any order, without "." and "..".
bool list(const std::filesystem::path& folder, NameList& names);

enum class Lock { shared, exclusive };
/// At once or not at all, EWOULDBLOCK when somebody else has it. It ends with the file's
/// descriptor. It does not keep others from reading the file.
bool lock(const Descriptor& file, Lock kind);

}  // namespace paymentctl::system_file
