#ifdef _WIN32
#include "platform/security_windows.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

// sddl.h needs windows.h before it
#include <sddl.h>

namespace paymentctl {
namespace {

/// The user of this process in the form "S-1-5-21-…".
std::optional<std::wstring> own_sid() {
  HANDLE token = nullptr;
  if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) == 0) return std::nullopt;
  DWORD size = 0;
  ::GetTokenInformation(token, TokenUser, nullptr, 0, &size);
  std::vector<std::byte> buffer(size);
  const bool known =
      size > 0 && ::GetTokenInformation(token, TokenUser, buffer.data(), size, &size) != 0;
  ::CloseHandle(token);
  wchar_t* text = nullptr;
  if (!known || ::ConvertSidToStringSidW(reinterpret_cast<TOKEN_USER*>(buffer.data())->User.Sid,
                                         &text) == 0) {
    return std::nullopt;
  }
  const std::wstring sid = text;
  ::LocalFree(text);
  return sid;
}

/// `inherited`: the flags of an entry that what lies in a folder takes over.
SECURITY_ATTRIBUTES attributes(const std::wstring& inherited) {
  SECURITY_ATTRIBUTES result{sizeof(SECURITY_ATTRIBUTES), nullptr, FALSE};
  const auto sid = own_sid();
  if (!sid) return result;
  const auto all = [&](const std::wstring& who) {
    return L"(A;" + inherited + L";FA;;;" + who + L")";
  };
  const std::wstring rights = L"D:P" + all(L"SY") + all(L"BA") + all(*sid);
  ::ConvertStringSecurityDescriptorToSecurityDescriptorW(rights.c_str(), SDDL_REVISION_1,
                                                         &result.lpSecurityDescriptor, nullptr);
  return result;
}

}  // namespace

SECURITY_ATTRIBUTES* owner_only_file() {
  static SECURITY_ATTRIBUTES file = attributes(L"");
  return file.lpSecurityDescriptor == nullptr ? nullptr : &file;
}

SECURITY_ATTRIBUTES* owner_only_folder() {
  static SECURITY_ATTRIBUTES folder = attributes(L"OICI");
  return folder.lpSecurityDescriptor == nullptr ? nullptr : &folder;
}

}  // namespace paymentctl
#endif
