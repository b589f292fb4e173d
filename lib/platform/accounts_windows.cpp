#ifdef _WIN32
#include "platform/accounts.hpp"

namespace paymentctl {

std::optional<Account> find_account(const std::string& name) { return Account{name, 0, 0}; }
std::optional<Account> owner_of(const std::filesystem::path& /*path*/) { return std::nullopt; }
bool account_may(const Account& /*account*/, Wish /*wish*/, const std::filesystem::path& /*path*/) {
  return true;
}

}  // namespace paymentctl
#endif
