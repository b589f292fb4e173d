#include "ledger/server_share.hpp"

#include <map>

#include "ledger/database.hpp"

namespace paymentctl {

ServerShare::ServerShare() = default;
ServerShare::~ServerShare() = default;

std::unique_ptr<Database> ServerShare::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto database = std::move(idle_.back());
  idle_.pop_back();
  return database;
}

void ServerShare::put(std::unique_ptr<Database> database) noexcept {
  if (!database->be_as_new()) return;
  try {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(database));
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // Then it is closed.
  }
}

std::shared_ptr<ServerShare> server_share_of(const std::string& place) {
  // Boxes know nothing of each other, not even that their ledger is the same.
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<ServerShare>> all;
  const std::lock_guard lock(mutex);
  std::weak_ptr<ServerShare>& known = all[place];
  auto share = known.lock();
  if (!share) known = share = std::make_shared<ServerShare>();
  return share;
}

}  // namespace paymentctl
