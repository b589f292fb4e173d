#include "platform/create_file.hpp"

#include <cerrno>
#include <system_error>

#include "model/error.hpp"
#include "platform/files.hpp"
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

}  // namespace paymentctl
