#ifdef _WIN32
#include <array>

#include <windows.h>
// lmcons.h needs windows.h before it
#include <lmcons.h>

#include "platform/user.hpp"
#include "platform/wide.hpp"

namespace paymentctl {

std::string login_name() {
  std::array<wchar_t, UNLEN + 1> name{};
  DWORD size = static_cast<DWORD>(name.size());
  if (::GetUserNameW(name.data(), &size) == 0 || size <= 1) return "unknown";
  return narrow(std::wstring_view(name.data(), size - 1));
}

std::uint32_t own_user_id() { return 0; }

}  // namespace paymentctl
#endif
