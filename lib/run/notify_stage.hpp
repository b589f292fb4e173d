#pragma once

#include "run/stages.hpp"

namespace paymentctl {

/// notify: sends what waits in the outbox. Without smtpServer everything stays there, and the
/// answer says how much; a mail that cannot be sent stays with the error and the time of the next
/// try.
void send_outbox(BoxSession& session, RunReport& report);

}  // namespace paymentctl
