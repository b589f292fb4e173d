#ifndef _WIN32
#include <sys/stat.h>
#include <unistd.h>

#include "platform/access.hpp"
#include "platform/files.hpp"

namespace paymentctl {

bool others_may_read(const std::filesystem::path& file) {
  struct stat facts {};
  return ::stat(file.c_str(), &facts) == 0 && (facts.st_mode & S_IROTH) != 0;
}

std::string advice_against_readers(const std::filesystem::path& file) {
  return "chmod o= " + display(file);
}

bool may_write_in(const std::filesystem::path& folder) {
  return ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace paymentctl
#endif
