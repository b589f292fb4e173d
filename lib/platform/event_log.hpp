#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace paymentctl {

enum class EventLevel { information, warning, error };

/// The log of the system in which a service of Windows is looked for: Event Viewer, Windows Logs,
/// Application. Elsewhere there is none, and what is written to it is dropped.
class EventLog {
 public:
  /// `source` is the name that events bear; install_event_source makes it known.
  explicit EventLog(const std::string& source);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// UTF-8. What cannot be written is dropped: there is nowhere to tell it.
  void write(EventLevel level, std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Lets the Event Viewer show the texts as they are; needs the rights of an administrator, and
/// without it they are shown behind a sentence of excuse.
void install_event_source(const std::string& source);
void remove_event_source(const std::string& source);

}  // namespace paymentctl
