#ifndef _WIN32
#include <algorithm>

#include <poll.h>
#include <sys/socket.h>

#include "platform/socket.hpp"

namespace paymentctl {

void wait_for(Socket socket, bool to_write, std::chrono::milliseconds longest) {
  pollfd waiting{};
  waiting.fd = static_cast<int>(socket);
  waiting.events = static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN);
  const auto time = std::clamp<std::int64_t>(longest.count(), 0, 3'600'000);
  // An interrupted wait is a short wait: the caller looks at its clock and comes again.
  ::poll(&waiting, 1, static_cast<int>(time));
}

void shut_down(Socket socket) { ::shutdown(static_cast<int>(socket), SHUT_RDWR); }

}  // namespace paymentctl
#endif
