#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace paymentctl {

/// A connection to a mail server on which the login is done. A dialogue sees only this, so that
/// tests need no network and can cut it after any byte. A connection that fails or is closed by the
/// other side is Error(unavailable).
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// Takes as much as it can without waiting; how much that was, perhaps 0.
  virtual std::size_t send(std::string_view bytes) = 0;
  /// At least one byte into `buffer`, or nullopt when none is there now.
  virtual std::optional<std::size_t> receive(char* buffer, std::size_t size) = 0;
  /// Waits until receive, or send where `to_send`, may go on, or until the time is over.
  virtual void wait(bool to_send, std::chrono::milliseconds longest) = 0;
  /// Since some fixed moment; never goes back.
  [[nodiscard]] virtual std::chrono::milliseconds elapsed() const = 0;
};

}  // namespace paymentctl
