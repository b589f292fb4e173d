#include "platform/public_file.hpp"

#include <cerrno>
#include <system_error>

#include "platform/durable.hpp"
#include "platform/files.hpp"
#include "platform/random.hpp"
#include "platform/system_error.hpp"
#include "platform/system_file.hpp"

namespace paymentctl {

void write_public_file(const std::filesystem::path& path, std::string_view content) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const auto temporary = folder / ("." + random_uuid() + ".part");
  try {
    write_private_file(temporary, content);
    using std::filesystem::perms;
    std::error_code ignored;  // where there are no such rights, the folder's are inherited
    std::filesystem::permissions(
        temporary, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read,
        ignored);
    if (!system_file::rename_over(temporary, path)) {
      throw_file_error(FileTask::create, "write", path, errno);
    }
  } catch (...) {
    system_file::remove(temporary);
    throw;
  }
  flush_folder(folder);
}

}  // namespace paymentctl
