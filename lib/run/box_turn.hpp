#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "ledger/lease.hpp"
#include "run/box_session.hpp"

namespace paymentctl {

/// A box's turn, held while this lives: of all workers on one ledger only one has it. A thread
/// renews it; every transaction of the session looks whether another worker has taken over. With a
/// ledger in a file, which only one machine has, the lock of the box's sources is enough, and
/// nothing is kept in the ledger.
class BoxTurn {
 public:
  struct Answer {
    std::unique_ptr<BoxTurn> turn;  ///< null: another worker has the turn, or the box rests
    std::chrono::seconds wait{0};   ///< then: so long is not worth asking again
    std::string owner;              ///< then: who had the turn last
  };

  /// `rest` is the shortest pause from one turn's beginning to the next one's, whoever has them.
  /// The session must outlive the turn.
  static Answer take(BoxSession& session, std::chrono::seconds rest);

  /// Gives the turn back.
  ~BoxTurn();
  BoxTurn(const BoxTurn&) = delete;
  BoxTurn& operator=(const BoxTurn&) = delete;

 private:
  explicit BoxTurn(BoxSession& session) : session_(session) {}
  void begin(const Lease& lease);
  void renew(const std::stop_token& stop);

  BoxSession& session_;
  std::optional<Lease> lease_;
  std::jthread renewing_;
};

/// Takes the turn into session.turn, unless it is there already. Error(temporary) when another
/// worker has it.
void hold_turn(BoxSession& session);

}  // namespace paymentctl
