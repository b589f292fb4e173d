#ifndef _WIN32

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "model/error.hpp"
#include "platform/create_file.hpp"

namespace paymentctl {

bool create_private_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return true;
  }
  if (errno == EEXIST) return false;
  const std::string why = std::generic_category().message(errno);
  throw Error(ExitCode::cannot_create,
              path.string() + " cannot be created: " + why +
                  "; check that its folder is there and may be written to");
}

}  // namespace paymentctl

#endif
