#include "platform/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "platform/durable.hpp"
#include "platform/random.hpp"
#include "platform/system_error.hpp"
#include "platform/system_file.hpp"

namespace paymentctl {
namespace {

FileFacts facts_of(const Descriptor& file, const std::filesystem::path& path) {
  const auto facts = system_file::facts(file);
  if (!facts) throw_file_error(FileTask::read, "read", path, errno);
  return *facts;
}

std::size_t read_some(const Descriptor& file, char* data, std::size_t size,
                      const std::filesystem::path& path) {
  const std::ptrdiff_t got = system_file::read(file, data, size);
  if (got < 0) throw_file_error(FileTask::read, "read", path, errno);
  return static_cast<std::size_t>(got);
}

}  // namespace

std::string display(const std::filesystem::path& path) {
  const std::u8string text = path.generic_u8string();
  return {text.begin(), text.end()};
}

std::optional<FileFacts> look_at(const std::filesystem::path& path) {
  if (auto facts = system_file::facts(path)) return facts;
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw_file_error(FileTask::read, "look at", path, errno);
}

std::optional<FileType> type_of(const NameList& names, std::size_t index,
                                const std::filesystem::path& path) {
  if (const auto type = names.type(index)) return type;
  const auto facts = look_at(path);
  return facts ? std::optional(facts->type) : std::nullopt;
}

std::optional<std::string> read_file_within(const std::filesystem::path& path,
                                            std::uint64_t limit) {
  const Descriptor file = system_file::open_to_read(path, system_file::Links::follow);
  if (!file.is_open()) throw_file_error(FileTask::read, "open", path, errno);
  const FileFacts facts = facts_of(file, path);
  if (facts.type == FileType::folder) throw_file_error(FileTask::read, "read", path, EISDIR);
  if (facts.type == FileType::regular && facts.size > limit) return std::nullopt;
  std::string content;
  // One byte more than the file claims, so that its end is seen without another allocation.
  content.resize(static_cast<std::size_t>(std::min(facts.size, limit)) + 1);
  std::size_t used = 0;
  for (;;) {
    const std::size_t got = read_some(file, content.data() + used, content.size() - used, path);
    used += got;
    if (used > limit) return std::nullopt;
    if (got == 0) break;
    if (used == content.size()) {
      content.resize(static_cast<std::size_t>(std::min<std::uint64_t>(used * 2 + 4096, limit + 1)));
    } else if (facts.type == FileType::regular && used == facts.size) {
      break;  // as much as it claims and not a byte more, although there was room for one
    }
  }
  content.resize(used);
  return content;
}

std::string read_file(const std::filesystem::path& path, std::uint64_t limit) {
  auto content = read_file_within(path, limit);
  if (content) return std::move(*content);
  throw Error(ExitCode::data,
              fmt::format("{} is larger than the {} bytes that are read of such a file",
                          display(path), limit));
}

std::optional<FileFacts> read_stable(const std::filesystem::path& path,
                                     const std::function<void(std::string_view)>& take) {
  const Descriptor file = system_file::open_unless_written(path);
  if (!file.is_open() && errno == EBUSY) return std::nullopt;
  if (!file.is_open()) throw_file_error(FileTask::read, "open", path, errno);
  const FileFacts before = facts_of(file, path);
  if (before.type != FileType::regular) {
    throw Error(ExitCode::no_input,
                display(path) + " is no regular file; put the mail itself there");
  }
  std::array<char, 64u << 10> buffer;
  std::uint64_t total = 0;
  for (;;) {
    const std::size_t got = read_some(file, buffer.data(), buffer.size(), path);
    if (got == 0) break;
    total += got;
    // Somebody who writes as fast as we read would keep us here for ever.
    if (total > before.size) return std::nullopt;
    take(std::string_view(buffer.data(), got));
  }
  if (total != before.size || facts_of(file, path) != before) return std::nullopt;
  return before;
}

NameList names_in(const std::filesystem::path& folder) {
  NameList names;
  if (!system_file::list(folder, names)) {
    throw_file_error(FileTask::read, "list the folder", folder, errno);
  }
  names.sort();
  return names;
}

std::vector<std::string> list_folder(const std::filesystem::path& folder) {
  const NameList names = names_in(folder);
  std::vector<std::string> list;
  list.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) list.emplace_back(names[i]);
  return list;
}

void create_folders(const std::filesystem::path& folder) {
  if (system_file::make_folder(folder)) {
    const auto parent = folder.parent_path();
    flush_folder(parent.empty() ? std::filesystem::path(".") : parent);
    return;
  }
  if (errno == EEXIST) {
    if (system_file::is_folder(folder)) return;
    throw_file_error(FileTask::create, "create the folder", folder, ENOTDIR);
  }
  if (errno != ENOENT || !folder.has_relative_path() || folder.parent_path() == folder ||
      folder.parent_path().empty()) {
    throw_file_error(FileTask::create, "create the folder", folder, errno);
  }
  create_folders(folder.parent_path());
  if (!system_file::make_folder(folder) && errno != EEXIST) {
    throw_file_error(FileTask::create, "create the folder", folder, errno);
  }
  flush_folder(folder.parent_path());
}

bool remove_file(const std::filesystem::path& path) {
  if (system_file::remove(path)) return true;
  if (errno == ENOENT) return false;
  throw_file_error(FileTask::remove, "delete", path, errno);
}

namespace {

enum class Readers { owner, everybody };

void replace_file(const std::filesystem::path& path, std::string_view content, Readers readers) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const auto temporary = folder / ("." + random_uuid() + ".part");
  try {
    Descriptor file = system_file::create(temporary);
    if (!file.is_open()) throw_file_error(FileTask::create, "create", path, errno);
    write_all(file, content.data(), content.size(), path);
    flush_file(file, path);
    if (!file.reset()) throw_file_error(FileTask::create, "write", path, errno);
    if (readers == Readers::everybody) {
      using std::filesystem::perms;
      std::error_code ignored;  // where there are no such rights, the folder's are inherited
      std::filesystem::permissions(
          temporary,
          perms::owner_read | perms::owner_write | perms::group_read | perms::others_read, ignored);
    }
    if (!system_file::rename_over(temporary, path)) {
      throw_file_error(FileTask::create, "write", path, errno);
    }
  } catch (...) {
    system_file::remove(temporary);
    throw;
  }
  flush_folder(folder);
}

}  // namespace

void write_private_file(const std::filesystem::path& path, std::string_view content) {
  replace_file(path, content, Readers::owner);
}

void write_public_file(const std::filesystem::path& path, std::string_view content) {
  replace_file(path, content, Readers::everybody);
}

}  // namespace paymentctl
