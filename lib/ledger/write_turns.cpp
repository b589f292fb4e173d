#include "ledger/write_turns.hpp"

#include <map>

namespace paymentctl {

std::shared_ptr<WriteTurns> write_turns_of(const std::string& place) {
  // Boxes know nothing of each other, not even that their ledger is the same.
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<WriteTurns>> all;
  const std::lock_guard lock(mutex);
  std::weak_ptr<WriteTurns>& known = all[place];
  auto turns = known.lock();
  if (!turns) known = turns = std::make_shared<WriteTurns>();
  return turns;
}

}  // namespace paymentctl
