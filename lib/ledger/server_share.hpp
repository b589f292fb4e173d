#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/write_turns.hpp"

namespace paymentctl {

class Database;

/// What the ledgers of one process at one server share, as long as one of them is open: whose turn
/// it is to write, and the connections that nobody uses just now. A worker of many boxes has one
/// box after the other, and to connect and to prepare its statements costs a server more than to
/// post ten mails.
class ServerShare {
 public:
  ServerShare();
  ~ServerShare();

  [[nodiscard]] const std::shared_ptr<WriteTurns>& turns() const { return turns_; }

  /// A connection that may change the ledger, whose schema is up to date; null when none is idle.
  std::unique_ptr<Database> take();

  /// For the next one, unless something is wrong with it.
  void put(std::unique_ptr<Database> database) noexcept;

 private:
  const std::shared_ptr<WriteTurns> turns_ = std::make_shared<WriteTurns>();
  std::mutex mutex_;
  std::vector<std::unique_ptr<Database>> idle_;
};

/// The same for everybody in this process who names the same place in the same way.
std::shared_ptr<ServerShare> server_share_of(const std::string& place);

}  // namespace paymentctl
