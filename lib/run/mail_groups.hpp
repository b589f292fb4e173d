#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/json.hpp"

namespace paymentctl {

/// What a chain's lines say about one whole mail.
struct MailLines {
  Source source;            ///< of the first line
  std::vector<Json> lines;  ///< in the order of their index
};

/// Puts the lines of a chain together again, mail by mail: a mail is handed on only when all its
/// lines have come, since half a mail must not be posted. Lines of several mails may be mixed.
class MailGroups {
 public:
  /// More payments than this waiting for the rest of their mails: Error(data).
  static constexpr std::size_t most_waiting = 100'000;

  /// Adds one line; the whole mail when this line was the last one missing. A second line with the
  /// same index, or another count for the same mail, is an Error(data).
  std::optional<MailLines> add(const Source& source, Json line);

  /// The mails of which lines are still missing, for the message to a person.
  [[nodiscard]] std::vector<Source> incomplete() const;

 private:
  struct Open {
    Source source;
    std::map<int, Json> lines;
  };
  std::map<std::string, Open> open_;  // by SHA-256
  std::size_t waiting_ = 0;
};

}  // namespace paymentctl
