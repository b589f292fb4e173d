#include "platform/before_end.hpp"

#include <utility>

namespace paymentctl {

BeforeEnd::BeforeEnd(std::function<void()> work)
    : requests_([work = std::move(work)] {
        work();
        return EndRequests::Answer::end_now;
      }) {}

}  // namespace paymentctl
