#ifndef _WIN32
#include <vector>

#include <pwd.h>
#include <unistd.h>

#include "platform/user.hpp"

namespace paymentctl {

std::string login_name() {
  const uid_t user = ::geteuid();
  std::vector<char> buffer(1u << 14);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr &&
      found->pw_name != nullptr && *found->pw_name != '\0') {
    return found->pw_name;
  }
  return "uid " + std::to_string(user);
}

std::uint32_t own_user_id() { return ::geteuid(); }

}  // namespace paymentctl
#endif
