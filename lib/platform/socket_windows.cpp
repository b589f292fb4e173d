#ifdef _WIN32
#include <algorithm>

// windows.h, which other headers bring, would take the older sockets without it
#include <winsock2.h>

#include "platform/socket.hpp"

namespace paymentctl {

void wait_for(Socket socket, bool to_write, std::chrono::milliseconds longest) {
  WSAPOLLFD waiting{};
  waiting.fd = static_cast<SOCKET>(socket);
  waiting.events = static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN);
  const auto time = std::clamp<std::int64_t>(longest.count(), 0, 3'600'000);
  ::WSAPoll(&waiting, 1, static_cast<int>(time));
}

void shut_down(Socket socket) { ::shutdown(static_cast<SOCKET>(socket), SD_BOTH); }

}  // namespace paymentctl
#endif
