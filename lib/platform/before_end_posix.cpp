#ifndef _WIN32
#include <atomic>
#include <csignal>
#include <thread>

#include "platform/before_end.hpp"

namespace paymentctl {
namespace {

sigset_t requests_to_end() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, each);
  return signals;
}

}  // namespace

/// The signals are held back from all threads and taken by one that waits for them, since hardly
/// anything may be done in a signal's handler.
struct BeforeEnd::State {
  explicit State(std::function<void()> what) : work(std::move(what)) {
    const sigset_t signals = requests_to_end();
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    waiter = std::thread([this] { wait(); });
  }

  ~State() {
    is_over = true;
    pthread_kill(waiter.native_handle(), SIGTERM);
    waiter.join();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void wait() const {
    const sigset_t signals = requests_to_end();
    int which = 0;
    if (sigwait(&signals, &which) != 0 || is_over) return;
    work();
    std::signal(which, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    std::raise(which);
  }

  std::function<void()> work;
  std::atomic<bool> is_over{false};
  sigset_t before{};
  std::thread waiter;
};

BeforeEnd::BeforeEnd(std::function<void()> work)
    : state_(std::make_unique<State>(std::move(work))) {}
BeforeEnd::~BeforeEnd() = default;

}  // namespace paymentctl
#endif
