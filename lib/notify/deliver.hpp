#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "model/language.hpp"
#include "notify/mail_transport.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

/// Whom a mail goes to decides which addresses of the box it gets.
enum class Audience {
  information,  ///< infoFrom, infoTo, infoCc
  errors,       ///< errorFrom, errorTo
};

/// A mail that waits in the outbox.
struct WaitingMail {
  std::int64_t id = 0;
  Audience audience = Audience::information;
  bool about_payment = true;  ///< may be joined with others into the digest of late ones
  std::string subject;
  std::string text;
  std::string message_id;  ///< without angle brackets
  int tries = 0;           ///< that failed so far
  Timestamp written_at{};
};

/// What sending needs of the ledger, for one box.
class Outbox {
 public:
  virtual ~Outbox() = default;
  /// Those whose next try is not after `now`, with an id above `after`, by id: oldest first.
  [[nodiscard]] virtual std::vector<WaitingMail> due(Timestamp now, std::int64_t after,
                                                     int limit) = 0;
  /// All that wait, due or not.
  [[nodiscard]] virtual std::int64_t waiting() = 0;
  virtual void sent(std::int64_t id, Timestamp now) = 0;
  virtual void failed(std::int64_t id, const std::string& error, Timestamp next_try) = 0;
  /// The server will never take it: nobody tries again, a person must look.
  virtual void refused(std::int64_t id, const std::string& error, Timestamp now) = 0;
};

/// Addresses of one audience; without sender or receivers nothing can be sent to it.
struct Addresses {
  std::string from;
  std::vector<std::string> to;
  std::vector<std::string> cc;
  [[nodiscard]] bool complete() const { return !from.empty() && !to.empty(); }
};

struct NotifySettings {
  Addresses information;
  Addresses errors;
  Language language = Language::cs;
};

struct NotifyReport {
  int sent = 0;                       ///< of the outbox's entries
  int failed = 0;                     ///< tried now, to be tried again
  int refused = 0;                    ///< tried now, never to be tried again
  std::int64_t waiting = 0;           ///< afterwards
  std::vector<std::string> problems;  ///< one sentence each
};

/// The pause before the next try of a mail that failed `tries` times: 1 and 5 minutes, a quarter of
/// an hour, 1, 4 and 12 hours, then a day.
std::chrono::minutes pause_before_try(int tries);

/// Sends what is due, oldest first. Payment notifications older than 7 days go out as one mail. An
/// unreachable server ends it: the mail in hand counts as failed, the others stay due. `transport`
/// null means that no server is set: nothing is tried, a problem says so. After a stop no further
/// mail is begun.
NotifyReport deliver_outbox(Outbox& outbox, MailTransport* transport,
                            const NotifySettings& settings, const Clock& clock,
                            const std::stop_token& stop = {});

}  // namespace paymentctl
