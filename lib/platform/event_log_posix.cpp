#ifndef _WIN32
#include "platform/event_log.hpp"

namespace paymentctl {

struct EventLog::State {};

EventLog::EventLog(const std::string& /*source*/) {}
EventLog::~EventLog() = default;
void EventLog::write(EventLevel /*level*/, std::string_view /*text*/) {}

void install_event_source(const std::string& /*source*/) {}
void remove_event_source(const std::string& /*source*/) {}

}  // namespace paymentctl
#endif
