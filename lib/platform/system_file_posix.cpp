#ifndef _WIN32

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/system_file.hpp"

namespace paymentctl {

bool Descriptor::close(std::intptr_t number) { return ::close(static_cast<int>(number)) == 0; }

namespace system_file {
namespace {

int number(const Descriptor& file) { return static_cast<int>(file.get()); }

Descriptor open(const std::filesystem::path& path, int flags) {
  return Descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0600));
}

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

}  // namespace

Descriptor open_to_read(const std::filesystem::path& path, Links links) {
  // O_NONBLOCK has no effect on a regular file.
  return open(path, O_RDONLY | O_NONBLOCK | (links == Links::refuse ? O_NOFOLLOW : 0));
}

Descriptor open_unless_written(const std::filesystem::path& path) {
  return open_to_read(path, Links::refuse);
}

Descriptor create(const std::filesystem::path& path) {
  return open(path, O_WRONLY | O_CREAT | O_EXCL);
}

Descriptor open_or_create(const std::filesystem::path& path) {
  return open(path, O_RDWR | O_CREAT | O_NOFOLLOW);
}

std::optional<FileFacts> facts(const Descriptor& file) {
  struct stat status {};
  if (::fstat(number(file), &status) != 0) return std::nullopt;
  return facts_of(status);
}

std::optional<FileFacts> facts(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return facts_of(status);
}

bool is_folder(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::ptrdiff_t read(const Descriptor& file, char* data, std::size_t size) {
  ssize_t got = 0;
  do {
    got = ::read(number(file), data, size);
  } while (got < 0 && errno == EINTR);
  return got;
}

std::ptrdiff_t write(const Descriptor& file, const char* data, std::size_t size) {
  ssize_t written = 0;
  do {
    written = ::write(number(file), data, size);
  } while (written < 0 && errno == EINTR);
  return written;
}

bool truncate(const Descriptor& file) {
  return ::lseek(number(file), 0, SEEK_SET) == 0 && ::ftruncate(number(file), 0) == 0;
}

bool flush(const Descriptor& file) {
#ifdef __APPLE__
  // fsync leaves the bytes in the drive's own cache there.
  if (::fcntl(number(file), F_FULLFSYNC) == 0) return true;
#endif
  return ::fsync(number(file)) == 0;
}

bool flush_file(const std::filesystem::path& path) {
  const Descriptor opened = open(path, O_RDONLY);
  return opened.is_open() && flush(opened);
}

bool flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened = open(folder, O_RDONLY | O_DIRECTORY);
  return opened.is_open() && flush(opened);
}

bool flush_file_system([[maybe_unused]] const std::filesystem::path& folder) {
#ifdef __linux__
  const Descriptor opened = open(folder, O_RDONLY | O_DIRECTORY);
  return opened.is_open() && ::syncfs(number(opened)) == 0;
#else
  errno = ENOSYS;
  return false;
#endif
}

bool rename_over(const std::filesystem::path& from, const std::filesystem::path& to) {
  return ::rename(from.c_str(), to.c_str()) == 0;
}

bool rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
#ifdef __linux__
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  // Network file systems do not know the flag.
  if (errno != EINVAL && errno != ENOSYS) return false;
#endif
  if (facts(to)) {
    errno = EEXIST;
    return false;
  }
  return rename_over(from, to);
}

bool remove(const std::filesystem::path& path) { return ::unlink(path.c_str()) == 0; }

bool make_folder(const std::filesystem::path& folder) { return ::mkdir(folder.c_str(), 0700) == 0; }

namespace {

/// Not every file system tells.
std::optional<FileType> type_of(const dirent& entry) {
  switch (entry.d_type) {
    case DT_REG:
      return FileType::regular;
    case DT_DIR:
      return FileType::folder;
    case DT_LNK:
      return FileType::link;
    case DT_UNKNOWN:
      return std::nullopt;
    default:
      return FileType::other;
  }
}

}  // namespace

bool list(const std::filesystem::path& folder, NameList& names) {
  const auto close = [](DIR* opened) { ::closedir(opened); };
  const std::unique_ptr<DIR, decltype(close)> opened(::opendir(folder.c_str()), close);
  if (!opened) return false;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(opened.get());
    if (entry == nullptr) return errno == 0;
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.push_back(name, type_of(*entry));
  }
}

bool lock(const Descriptor& file, Lock kind) {
  return ::flock(number(file), (kind == Lock::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0;
}

}  // namespace system_file
}  // namespace paymentctl

#endif
