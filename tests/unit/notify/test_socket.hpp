#pragma once

#include <cstddef>
#include <string>

#ifdef _WIN32
#include <winsock2.h>
#else
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

/// The few calls on sockets that a server in a test needs, on every system.
namespace test_socket {

#ifdef _WIN32
using Handle = SOCKET;
constexpr Handle none = INVALID_SOCKET;
inline void close(Handle socket) { ::closesocket(socket); }
inline void shut_down(Handle socket) { ::shutdown(socket, SD_BOTH); }
/// Whoever waits in accept() comes back; the socket is closed.
inline void stop_listening(Handle socket) { ::closesocket(socket); }
inline bool send(Handle socket, const std::string& text) {
  return ::send(socket, text.data(), static_cast<int>(text.size()), 0) > 0;
}
inline std::size_t receive(Handle socket, char* bytes, std::size_t size) {
  const int count = ::recv(socket, bytes, static_cast<int>(size), 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}
inline void start() {
  static const bool is_started = [] {
    WSADATA facts;
    return ::WSAStartup(MAKEWORD(2, 2), &facts) == 0;
  }();
  (void)is_started;
}
using AddressSize = int;
#else
using Handle = int;
constexpr Handle none = -1;
inline void close(Handle socket) { ::close(socket); }
inline void shut_down(Handle socket) { ::shutdown(socket, SHUT_RDWR); }
/// Whoever waits in accept() comes back; the number stays taken until the program ends.
inline void stop_listening(Handle socket) { ::shutdown(socket, SHUT_RDWR); }
inline bool send(Handle socket, const std::string& text) {
  return ::send(socket, text.data(), text.size(), MSG_NOSIGNAL) > 0;
}
inline std::size_t receive(Handle socket, char* bytes, std::size_t size) {
  const ssize_t count = ::recv(socket, bytes, size, 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}
inline void start() {}
using AddressSize = socklen_t;
#endif

/// On a free port, which it tells.
inline Handle listen_on_this_machine(int& port) {
  start();
  const Handle listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  (void)::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
  AddressSize size = sizeof address;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  ::listen(listener, 8);
  return listener;
}

}  // namespace test_socket
