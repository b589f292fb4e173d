#ifdef _WIN32
#include <chrono>
#include <condition_variable>
#include <mutex>

#include <windows.h>

#include "platform/end_requests.hpp"

namespace paymentctl {
namespace {

// The system's handler takes no argument of ours.
std::mutex guard;
std::condition_variable over;
const std::function<EndRequests::Answer()>* current = nullptr;

BOOL WINAPI handle(DWORD request) {
  std::unique_lock lock(guard);
  if (current == nullptr) return FALSE;
  if ((*current)() == EndRequests::Answer::end_now) return FALSE;  // the default handler ends it
  // Of a closed window, a log-off or a shutdown the program is ended when this returns.
  if (request != CTRL_C_EVENT && request != CTRL_BREAK_EVENT) {
    over.wait_for(lock, std::chrono::seconds(10), [] { return current == nullptr; });
  }
  return TRUE;
}

}  // namespace

struct EndRequests::State {
  explicit State(std::function<Answer()> what) : asked(std::move(what)) {
    const std::lock_guard lock(guard);
    current = &asked;
    ::SetConsoleCtrlHandler(&handle, TRUE);
  }
  ~State() {
    ::SetConsoleCtrlHandler(&handle, FALSE);
    {
      const std::lock_guard lock(guard);
      current = nullptr;
    }
    over.notify_all();
  }
  std::function<Answer()> asked;
};

EndRequests::EndRequests(std::function<Answer()> asked)
    : state_(std::make_unique<State>(std::move(asked))) {}
EndRequests::~EndRequests() = default;

}  // namespace paymentctl
#endif
