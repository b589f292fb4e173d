#include "platform/create_file.hpp"

#include <cerrno>
#include <system_error>

#include "model/error.hpp"
#include "platform/durable.hpp"
#include "platform/files.hpp"
#include "platform/system_error.hpp"
#include "platform/system_file.hpp"

namespace paymentctl {

bool create_private_file(const std::filesystem::path& path) {
  if (system_file::create(path).is_open()) return true;
  if (errno == EEXIST) return false;
  const std::string why = std::generic_category().message(errno);
  throw Error(ExitCode::cannot_create,
              display(path) + " cannot be created: " + why +
                  "; check that its folder is there and may be written to");
}

void keep_file(const std::filesystem::path& part, const std::filesystem::path& path) {
  if (!system_file::flush_file(part)) throw_file_error(FileTask::create, "flush", part, errno);
  if (!system_file::rename_to_new(part, path)) {
    if (errno == EEXIST) {
      throw Error(ExitCode::cannot_create, display(path) + " is there already; name another file");
    }
    throw_file_error(FileTask::create, "write", path, errno);
  }
  flush_folder(path.parent_path());
}

}  // namespace paymentctl
