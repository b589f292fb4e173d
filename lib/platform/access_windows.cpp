#ifdef _WIN32
#include <io.h>

#include "platform/access.hpp"

namespace paymentctl {

bool others_may_read(const std::filesystem::path& /*file*/) { return false; }

bool may_write_in(const std::filesystem::path& folder) {
  constexpr int writable = 2;
  return ::_waccess(folder.c_str(), writable) == 0;
}

}  // namespace paymentctl
#endif
