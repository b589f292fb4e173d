#ifdef _WIN32
#include <array>
#include <cstddef>

#include <windows.h>
// aclapi.h needs windows.h before it
#include <aclapi.h>

#include "platform/access.hpp"
#include "platform/files.hpp"

namespace paymentctl {
namespace {

/// Whether the entry's name stands for people whom nobody has chosen.
bool is_anybody(PSID who) {
  constexpr std::array<WELL_KNOWN_SID_TYPE, 5> groups = {WinWorldSid, WinAuthenticatedUserSid,
                                                         WinBuiltinUsersSid, WinBuiltinGuestsSid,
                                                         WinAnonymousSid};
  for (const WELL_KNOWN_SID_TYPE group : groups) {
    if (::IsWellKnownSid(who, group) != 0) return true;
  }
  return false;
}

bool lets_anybody_read(ACL* list) {
  for (DWORD place = 0; place < list->AceCount; ++place) {
    void* entry = nullptr;
    if (::GetAce(list, place, &entry) == 0) continue;
    const auto* const header = static_cast<ACE_HEADER*>(entry);
    if (header->AceType != ACCESS_ALLOWED_ACE_TYPE || (header->AceFlags & INHERIT_ONLY_ACE) != 0) {
      continue;
    }
    auto* const allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
    constexpr DWORD reading = FILE_READ_DATA | GENERIC_READ | GENERIC_ALL;
    if ((allowed->Mask & reading) != 0 && is_anybody(&allowed->SidStart)) return true;
  }
  return false;
}

}  // namespace

bool others_may_read(const std::filesystem::path& file) {
  ACL* list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (::GetNamedSecurityInfoW(file.c_str(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
                              nullptr, &list, nullptr, &descriptor) != ERROR_SUCCESS) {
    return false;
  }
  // No list at all is everybody's right to everything.
  const bool result = list == nullptr || lets_anybody_read(list);
  ::LocalFree(descriptor);
  return result;
}

std::string advice_against_readers(const std::filesystem::path& file) {
  return "icacls \"" + display(file) +
         "\" /inheritance:r /grant:r \"%USERNAME%:F\" \"*S-1-5-18:F\"";
}

bool may_write_in(const std::filesystem::path& folder) {
  const HANDLE opened = ::CreateFileW(folder.c_str(), FILE_ADD_FILE,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                      nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return false;
  ::CloseHandle(opened);
  return true;
}

}  // namespace paymentctl
#endif
