#pragma once

#include <functional>
#include <memory>

namespace paymentctl {

/// While it lives, whoever ends the program from outside (Ctrl-C, SIGTERM, SIGHUP, a closed console
/// window, Windows shutting down) calls `asked` on another thread, while the program's own threads
/// go on. `asked` answers whether the program goes on, to end by itself; otherwise it ends as it
/// would have without. A request that the program was started without (nohup) stays without. One
/// at a time, made before the program's other threads.
class EndRequests {
 public:
  enum class Answer { end_now, go_on };
  explicit EndRequests(std::function<Answer()> asked);
  ~EndRequests();
  EndRequests(const EndRequests&) = delete;
  EndRequests& operator=(const EndRequests&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace paymentctl
