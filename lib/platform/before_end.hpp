#pragma once

#include <functional>

#include "platform/end_requests.hpp"

namespace paymentctl {

/// While it lives, whoever ends the program from outside has `work` done first, once and on another
/// thread, while the program's own threads go on; then it ends as it would have without. What must
/// not stay behind goes there: a terminal that takes no lines, a temporary folder. One at a time.
class BeforeEnd {
 public:
  explicit BeforeEnd(std::function<void()> work);

 private:
  EndRequests requests_;
};

}  // namespace paymentctl
