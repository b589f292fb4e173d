#ifndef _WIN32
#include <atomic>
#include <csignal>
#include <thread>

#include "platform/end_requests.hpp"

namespace paymentctl {
namespace {

// Ours alone, to end the wait; nobody sends it from outside.
constexpr int wake_up = SIGURG;

sigset_t requests_to_end() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now {};
    if (sigaction(each, nullptr, &now) == 0 && now.sa_handler == SIG_IGN) continue;
    sigaddset(&signals, each);
  }
  sigaddset(&signals, wake_up);
  return signals;
}

}  // namespace

/// The signals are held back from all threads and taken by one that waits for them, since hardly
/// anything may be done in a signal's handler.
struct EndRequests::State {
  explicit State(std::function<Answer()> what)
      : asked(std::move(what)), signals(requests_to_end()) {
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    waiter = std::thread([this] { wait(); });
  }

  ~State() {
    is_over = true;
    pthread_kill(waiter.native_handle(), wake_up);
    waiter.join();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void wait() const {
    for (int which = 0; sigwait(&signals, &which) == 0 && !is_over;) {
      if (which == wake_up || asked() == Answer::go_on) continue;
      std::signal(which, SIG_DFL);
      pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
      std::raise(which);
    }
  }

  std::function<Answer()> asked;
  const sigset_t signals;
  std::atomic<bool> is_over{false};
  sigset_t before{};
  std::thread waiter;
};

EndRequests::EndRequests(std::function<Answer()> asked)
    : state_(std::make_unique<State>(std::move(asked))) {}
EndRequests::~EndRequests() = default;

}  // namespace paymentctl
#endif
