#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace paymentctl {

/// Which mail servers do not answer, for all boxes that a process works on: a dead one keeps one of
/// its workers waiting now and then, not one for each box that has its mails there. After the
/// second try in a row that failed it is left alone for 30 s, then for twice as long each time, at
/// most an hour. For use by several threads.
class ServerRest {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  struct Rest {
    int failures = 0;              ///< tries in a row, whichever box's
    std::chrono::seconds left{0};  ///< 0: another box is trying it just now
  };

  /// Before a try of `server` (any name that is the same for the same server): why it should not
  /// be. Where there is no answer, it may be tried; answered() or failed() has to follow.
  std::optional<Rest> rest(const std::string& server, Moment now);

  void answered(const std::string& server);

  /// `began`: when the try did. Those that ran beside each other count as one.
  void failed(const std::string& server, Moment began, Moment now);

 private:
  struct Server {
    int failures = 0;
    Moment last_failure{};
    Moment next_try{};
    bool is_being_tried = false;  ///< by the one that finds out whether it is back
  };
  std::mutex mutex_;
  std::map<std::string, Server> servers_;  ///< those whose last try failed
};

}  // namespace paymentctl
