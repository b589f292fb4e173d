#pragma once

#include <chrono>
#include <cstdint>

namespace paymentctl {

/// A connected socket as the system numbers it.
using Socket = std::intptr_t;

/// Until the socket can be read from, or written to where `to_write`, or is closed, or the time is
/// over.
void wait_for(Socket socket, bool to_write, std::chrono::milliseconds longest);

/// Nothing more goes out or comes in, whoever holds the socket. It still has to be closed.
void shut_down(Socket socket);

}  // namespace paymentctl
