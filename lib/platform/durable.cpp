#include "platform/durable.hpp"

#include <cerrno>

#include "platform/system_error.hpp"
#include "platform/system_file.hpp"

namespace paymentctl {

void write_all(const Descriptor& file, const char* data, std::size_t size,
               const std::filesystem::path& path) {
  while (size > 0) {
    const std::ptrdiff_t written = system_file::write(file, data, size);
    if (written < 0) throw_file_error(FileTask::create, "write", path, errno);
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

void flush_file(const Descriptor& file, const std::filesystem::path& path) {
  if (!system_file::flush(file)) throw_file_error(FileTask::create, "flush", path, errno);
}

void flush_folder(const std::filesystem::path& folder) {
  if (!system_file::flush_folder(folder)) {
    throw_file_error(FileTask::create, "flush", folder, errno);
  }
}

bool flush_file_system(const std::filesystem::path& folder) {
  if (system_file::flush_file_system(folder)) return true;
  if (errno == ENOSYS) return false;
  throw_file_error(FileTask::create, "flush", folder, errno);
}

}  // namespace paymentctl
