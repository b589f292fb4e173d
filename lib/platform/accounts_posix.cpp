#ifndef _WIN32
#include <vector>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/accounts.hpp"

namespace paymentctl {
namespace {

std::optional<Account> account_of(const passwd* found) {
  if (found == nullptr) return std::nullopt;
  return Account{found->pw_name, found->pw_uid, found->pw_gid};
}

bool is_member(const Account& account, gid_t group) {
  if (account.group == group) return true;
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(account.name.c_str(), account.group, groups.data(), &count) < 0) return false;
  for (int i = 0; i < count; ++i) {
    if (groups[static_cast<std::size_t>(i)] == group) return true;
  }
  return false;
}

/// `bits` of rwx as one digit.
bool has_bits(const Account& account, const std::filesystem::path& path, mode_t bits) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return false;
  if (account.user == 0) return true;
  const mode_t granted = facts.st_uid == account.user       ? facts.st_mode >> 6
                         : is_member(account, facts.st_gid) ? facts.st_mode >> 3
                                                            : facts.st_mode;
  return (granted & bits) == bits;
}

}  // namespace

std::optional<Account> find_account(const std::string& name) {
  std::vector<char> buffer(1u << 14);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  return account_of(found);
}

std::optional<Account> owner_of(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  std::vector<char> buffer(1u << 14);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(facts.st_uid, &entry, buffer.data(), buffer.size(), &found);
  return account_of(found);
}

bool account_may(const Account& account, Wish wish, const std::filesystem::path& path) {
  constexpr mode_t read = 4;
  constexpr mode_t write_in = 3;
  constexpr mode_t pass = 1;
  if (!has_bits(account, path, wish == Wish::read ? read : write_in)) return false;
  for (auto above = path.parent_path();; above = above.parent_path()) {
    if (!has_bits(account, above, pass)) return false;
    if (above == above.parent_path()) return true;
  }
}

}  // namespace paymentctl
#endif
