#include "run/box_turn.hpp"

#include <fmt/format.h>

#include "model/error.hpp"
#include "platform/process.hpp"
#include "platform/random.hpp"
#include "platform/stop.hpp"
#include "run/box_ledger.hpp"

namespace paymentctl {
namespace {

/// So long the others wait for a worker that died; three renewals may fail before.
constexpr std::chrono::seconds lease_length{60};
constexpr std::chrono::seconds renewal{15};

std::string worker_name() {
  return fmt::format("{} process {} ({})", host_name(), own_process_id(),
                     random_uuid().substr(0, 8));
}

}  // namespace

BoxTurn::Answer BoxTurn::take(BoxSession& session, std::chrono::seconds rest) {
  std::unique_ptr<BoxTurn> turn(new BoxTurn(session));
  if (!session.box.ledger_is_url()) return {std::move(turn), {}, {}};
  LeaseAnswer answer = take_lease(session.ledger, session.key, {worker_name(), lease_length, rest});
  if (!answer.lease) return {nullptr, answer.wait, std::move(answer.owner)};
  turn->begin(*answer.lease);
  return {std::move(turn), {}, {}};
}

void hold_turn(BoxSession& session) {
  if (session.turn) return;
  BoxTurn::Answer answer = BoxTurn::take(session, std::chrono::seconds(0));
  if (!answer.turn) {
    throw Error(ExitCode::temporary,
                fmt::format("{} works on this box just now; try again later", answer.owner));
  }
  session.turn = std::move(answer.turn);
}

void BoxTurn::begin(const Lease& lease) {
  lease_ = lease;
  hold_lease(session_.ledger, lease, lease_length);
  renewing_ = std::jthread([this](const std::stop_token& stop) { renew(stop); });
}

void BoxTurn::renew(const std::stop_token& stop) {
  // Most turns end before they need a connection for it.
  std::optional<BoxLedger> own;
  while (true) {
    if (sleep_unless_stopped(stop, renewal)) return;
    try {
      if (!own) own.emplace(open_ledger(session_.box, LedgerAccess::existing));
      if (!renew_lease(own->ledger, *lease_, lease_length)) return;
    } catch (const Error&) {
      // The server is away or slow. The transactions of the session find out by themselves whether
      // the turn is still ours; until then it is tried again.
      own.reset();
    }
  }
}

BoxTurn::~BoxTurn() {
  if (!lease_) return;
  renewing_.request_stop();
  renewing_.join();
  try {
    give_back_lease(session_.ledger, *lease_);
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
    // Then it ends by itself, or has another owner already.
  }
}

}  // namespace paymentctl
