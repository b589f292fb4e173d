#ifdef _WIN32
#include <array>

#include <windows.h>
// lmcons.h needs windows.h before it
#include <lmcons.h>

#include "platform/user.hpp"

namespace paymentctl {

std::string login_name() {
  std::array<wchar_t, UNLEN + 1> wide{};
  DWORD size = wide.size();
  if (::GetUserNameW(wide.data(), &size) == 0) return "unknown";
  std::array<char, 4 * (UNLEN + 1)> narrow{};
  const int length = ::WideCharToMultiByte(CP_UTF8, 0, wide.data(), -1, narrow.data(),
                                           static_cast<int>(narrow.size()), nullptr, nullptr);
  return length > 1 ? narrow.data() : "unknown";
}

}  // namespace paymentctl
#endif
