#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace paymentctl {

/// Somebody who can own files on this machine.
struct Account {
  std::string name;
  std::uint32_t user = 0;
  std::uint32_t group = 0;
};

/// nullopt: there is no such account, or the system does not tell.
std::optional<Account> find_account(const std::string& name);

/// Whose the file is; nullopt where that has no name, or on Windows.
std::optional<Account> owner_of(const std::filesystem::path& path);

enum class Wish { read, write };

/// Whether the account's rights, by owner, group and others, let it read the file, or create files
/// in the folder; the folders above included. On Windows always.
bool account_may(const Account& account, Wish wish, const std::filesystem::path& path);

}  // namespace paymentctl
