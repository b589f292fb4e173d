#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

namespace paymentctl {

/// The writers of one process to one server. All may try at once; who was in another's way tries
/// again alone, so that none does so for ever.
class WriteTurns {
 public:
  /// Held for one try of a transaction.
  class Turn {
   public:
    Turn(WriteTurns& turns, bool alone) : gate_(turns.gate_) {
      if (alone) {
        alone_.emplace(turns.all_);
      } else {
        shared_.emplace(turns.all_);
        gate_.unlock();
      }
    }

   private:
    std::unique_lock<std::mutex> gate_;
    std::optional<std::unique_lock<std::shared_mutex>> alone_;
    std::optional<std::shared_lock<std::shared_mutex>> shared_;
  };

 private:
  std::mutex gate_;  ///< keeps others from beginning while one waits to be alone
  std::shared_mutex all_;
};

}  // namespace paymentctl
