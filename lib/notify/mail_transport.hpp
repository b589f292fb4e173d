#pragma once

#include <string>
#include <vector>

#include "platform/clock.hpp"

namespace paymentctl {

/// A mail to be sent. Everything that makes it this mail comes from outside, so that a second try
/// is the same mail: receivers know it by its Message-ID. All texts are UTF-8; whatever stands in
/// them, line ends and control characters included, cannot become a header of its own.
struct OutgoingMail {
  std::string from;  ///< an address, nothing else
  std::vector<std::string> to;
  std::vector<std::string> cc;
  std::string subject;
  std::string text;        ///< lines end with LF
  std::string message_id;  ///< without angle brackets
  Timestamp date{};        ///< when it was written, not when it is tried
  /// A receiver whom the server asks to wait (4xx) holds the mail up for all, so that nobody gets
  /// it twice. False: the others get it, and that one stands in SendResult::refused.
  bool wait_for_all = true;
};

/// What became of one try.
enum class SendStatus {
  sent,         ///< at least one receiver; who did not get it stands in `refused`
  deferred,     ///< not now, but perhaps later (4xx about this mail): try again
  refused,      ///< never (5xx about this mail): a person must look, trying again is of no use
  unavailable,  ///< nothing about this mail: the server is down, its certificate or our login are
                ///< not accepted. No other mail can be sent now either.
};

/// A receiver whom the server does not accept, while it took the mail for others.
struct RefusedRecipient {
  std::string address;
  std::string words;  ///< the server's, e.g. "550 5.1.1 no such user"
};

struct SendResult {
  SendStatus status = SendStatus::sent;
  /// One sentence for a person, with the server's own words; empty when all went well, not empty
  /// when it was sent to some only.
  std::string error;
  std::vector<RefusedRecipient> refused;
};

/// A way out for mails.
class MailTransport {
 public:
  virtual ~MailTransport() = default;
  /// Never throws for what a server, a network or a mail may do; bounded in time. Several mails one
  /// after another may share a connection, which ends with the transport.
  virtual SendResult send(const OutgoingMail& mail) = 0;
};

}  // namespace paymentctl
