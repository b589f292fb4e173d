#include "platform/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "platform/durable.hpp"
#include "platform/random.hpp"
#include "platform/system_error.hpp"

namespace paymentctl {
namespace {

FileFacts facts_of(const struct stat& status) {
  FileFacts facts;
  if (S_ISREG(status.st_mode)) facts.type = FileType::regular;
  if (S_ISDIR(status.st_mode)) facts.type = FileType::folder;
  if (S_ISLNK(status.st_mode)) facts.type = FileType::link;
  facts.size = static_cast<std::uint64_t>(status.st_size);
#ifdef __APPLE__
  const timespec& modified = status.st_mtimespec;
#else
  const timespec& modified = status.st_mtim;
#endif
  facts.modified = Timestamp(std::chrono::seconds(modified.tv_sec) +
                             std::chrono::microseconds(modified.tv_nsec / 1000));
  facts.device = static_cast<std::uint64_t>(status.st_dev);
  facts.inode = static_cast<std::uint64_t>(status.st_ino);
  return facts;
}

FileFacts facts_of(const Descriptor& file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_file_error(FileTask::read, "read", path, errno);
  return facts_of(status);
}

Descriptor open_to_read(const std::filesystem::path& path, int flags) {
  // O_NONBLOCK: a pipe with no writer must not hold us; it has no effect on a regular file.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags));
  if (!file.is_open()) throw_file_error(FileTask::read, "open", path, errno);
  return file;
}

std::size_t read_some(const Descriptor& file, char* data, std::size_t size,
                      const std::filesystem::path& path) {
  for (;;) {
    const ssize_t got = ::read(file.get(), data, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw_file_error(FileTask::read, "read", path, errno);
  }
}

}  // namespace

std::string display(const std::filesystem::path& path) { return path.generic_string(); }

std::optional<FileFacts> look_at(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return facts_of(status);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw_file_error(FileTask::read, "look at", path, errno);
}

std::string read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const Descriptor file = open_to_read(path, 0);
  const FileFacts facts = facts_of(file, path);
  if (facts.type == FileType::folder) throw_file_error(FileTask::read, "read", path, EISDIR);
  std::string content;
  // One byte more than the file claims, so that its end is seen without another allocation.
  content.resize(static_cast<std::size_t>(std::min(facts.size, limit)) + 1);
  std::size_t used = 0;
  for (;;) {
    const std::size_t got = read_some(file, content.data() + used, content.size() - used, path);
    used += got;
    if (used > limit) {
      throw Error(ExitCode::data,
                  fmt::format("{} is larger than the {} bytes that are read of such "
                              "a file",
                              display(path), limit));
    }
    if (got == 0) break;
    if (used == content.size()) {
      content.resize(static_cast<std::size_t>(std::min<std::uint64_t>(used * 2 + 4096, limit + 1)));
    }
  }
  content.resize(used);
  return content;
}

std::optional<FileFacts> read_stable(const std::filesystem::path& path,
                                     const std::function<void(std::string_view)>& take) {
  const Descriptor file = open_to_read(path, O_NOFOLLOW);
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

std::vector<std::string> list_folder(const std::filesystem::path& folder) {
  const auto close = [](DIR* opened) { ::closedir(opened); };
  const std::unique_ptr<DIR, decltype(close)> opened(::opendir(folder.c_str()), close);
  if (!opened) throw_file_error(FileTask::read, "list the folder", folder, errno);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(opened.get());
    if (entry == nullptr) break;
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) throw_file_error(FileTask::read, "list the folder", folder, errno);
  std::sort(names.begin(), names.end());
  return names;
}

void create_folders(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) {
    const auto parent = folder.parent_path();
    flush_folder(parent.empty() ? std::filesystem::path(".") : parent);
    return;
  }
  if (errno == EEXIST) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return;
    throw_file_error(FileTask::create, "create the folder", folder, ENOTDIR);
  }
  if (errno != ENOENT || !folder.has_relative_path() || folder.parent_path() == folder ||
      folder.parent_path().empty()) {
    throw_file_error(FileTask::create, "create the folder", folder, errno);
  }
  create_folders(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw_file_error(FileTask::create, "create the folder", folder, errno);
  }
  flush_folder(folder.parent_path());
}

bool remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  throw_file_error(FileTask::remove, "delete", path, errno);
}

void write_private_file(const std::filesystem::path& path, std::string_view content) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const auto temporary = folder / ("." + random_uuid() + ".part");
  try {
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) throw_file_error(FileTask::create, "create", path, errno);
    write_all(file, content.data(), content.size(), path);
    flush_file(file, path);
    if (file.reset() != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
      throw_file_error(FileTask::create, "write", path, errno);
    }
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  flush_folder(folder);
}

}  // namespace paymentctl
