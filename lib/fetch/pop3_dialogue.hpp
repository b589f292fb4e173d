#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/byte_stream.hpp"

namespace paymentctl {

/// What a server may cost us before we leave it.
struct Pop3Bounds {
  std::chrono::milliseconds silence = std::chrono::seconds(60);      ///< without a single byte
  std::chrono::milliseconds line_reply = std::chrono::seconds(120);  ///< for a reply of one line
  std::chrono::milliseconds body_reply = std::chrono::minutes(15);   ///< for a list or a mail
  std::uint64_t list_bytes = 64u << 20;                              ///< of CAPA, UIDL, LIST
  std::uint64_t mail_bytes = 512u << 20;                             ///< of one mail
  std::size_t window_mails = 256;                                    ///< asked for and not yet here
  std::uint64_t window_bytes = 4u << 20;  ///< of them, as announced; one mail may exceed it
  std::size_t session_mails = 20'000;     ///< then the deletions are confirmed by a QUIT
  /// What was asked for has so long to come when somebody wants us to stop.
  std::chrono::milliseconds last_words = std::chrono::seconds(5);
};

/// Commands and replies of POP3 (RFC 1939) over a byte stream, pipelined when the caller sends
/// ahead. Every fault of the server or the line is Error(unavailable).
class Pop3Dialogue {
 public:
  struct Reply {
    bool ok = false;
    std::string text;  ///< behind +OK or -ERR; printable, at most 200 bytes
  };

  Pop3Dialogue(ByteStream& stream, const Pop3Bounds& bounds, std::stop_token stop = {});

  /// Queues a command, without its CRLF. It leaves when the next reply is waited for.
  void send(std::string_view command);
  /// The next status line.
  Reply status();
  /// The rest of a multi-line reply, dot-stuffing undone, in pieces as they come.
  void body(std::uint64_t limit, const std::function<void(std::string_view)>& sink);
  /// The same by lines, without CRLF; a line of more than 1000 bytes is passed over.
  void lines(const std::function<void(std::string_view)>& each);

  /// Called when all that has come is read and we are about to wait: the moment to ask for more.
  std::function<void()> when_dry;

 private:
  void receive(std::chrono::milliseconds deadline);
  void push_out();

  ByteStream& stream_;
  /// How long to wait for the server at most; throws when a stop leaves no time.
  std::chrono::milliseconds patience(std::chrono::milliseconds now);

  const Pop3Bounds& bounds_;
  const std::stop_token stop_;
  std::optional<std::chrono::milliseconds> stop_seen_;
  std::string out_;
  std::vector<char> in_;
  std::size_t begin_ = 0;  ///< of what is received and not read yet
  std::size_t end_ = 0;
};

}  // namespace paymentctl
