#ifdef _WIN32
#include <mutex>

#include <windows.h>

#include "platform/before_end.hpp"

namespace paymentctl {
namespace {

// The system's handler takes no argument of ours.
std::mutex guard;
const std::function<void()>* current = nullptr;

BOOL WINAPI handle(DWORD /*request*/) {
  const std::lock_guard lock(guard);
  if (current != nullptr) (*current)();
  current = nullptr;
  return FALSE;  // the default handler ends the program
}

}  // namespace

struct BeforeEnd::State {
  explicit State(std::function<void()> what) : work(std::move(what)) {
    const std::lock_guard lock(guard);
    current = &work;
    ::SetConsoleCtrlHandler(&handle, TRUE);
  }
  ~State() {
    ::SetConsoleCtrlHandler(&handle, FALSE);
    const std::lock_guard lock(guard);
    current = nullptr;
  }
  std::function<void()> work;
};

BeforeEnd::BeforeEnd(std::function<void()> work)
    : state_(std::make_unique<State>(std::move(work))) {}
BeforeEnd::~BeforeEnd() = default;

}  // namespace paymentctl
#endif
