#include "platform/durable.hpp"

#include <cerrno>

#include <fcntl.h>

#include "platform/system_error.hpp"

namespace paymentctl {

void write_all(const Descriptor& file, const char* data, std::size_t size,
               const std::filesystem::path& path) {
  while (size > 0) {
    const ssize_t written = ::write(file.get(), data, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      throw_file_error(FileTask::create, "write", path, errno);
    }
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

void flush_file(const Descriptor& file, const std::filesystem::path& path) {
#ifdef __APPLE__
  // fsync leaves the bytes in the drive's own cache there.
  if (::fcntl(file.get(), F_FULLFSYNC) == 0) return;
#endif
  if (::fsync(file.get()) != 0) throw_file_error(FileTask::create, "flush", path, errno);
}

void flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) throw_file_error(FileTask::create, "open", folder, errno);
  flush_file(opened, folder);
}

bool flush_file_system(const std::filesystem::path& folder) {
#ifdef __linux__
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) throw_file_error(FileTask::create, "open", folder, errno);
  if (::syncfs(opened.get()) != 0) throw_file_error(FileTask::create, "flush", folder, errno);
  return true;
#else
  static_cast<void>(folder);
  return false;
#endif
}

}  // namespace paymentctl
