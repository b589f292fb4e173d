#pragma once

#include <functional>
#include <memory>

namespace paymentctl {

/// While it lives, whoever ends the program from outside (Ctrl-C, SIGTERM, SIGHUP, a closed console
/// window) has `work` done first, once and on another thread, while the program's own threads go
/// on; then it ends as it would have without. What must not stay behind goes there: a terminal that
/// takes no lines, a temporary folder. One at a time.
class BeforeEnd {
 public:
  explicit BeforeEnd(std::function<void()> work);
  ~BeforeEnd();
  BeforeEnd(const BeforeEnd&) = delete;
  BeforeEnd& operator=(const BeforeEnd&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace paymentctl
