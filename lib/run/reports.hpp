#pragma once

#include <string>
#include <vector>

#include "run/box_session.hpp"

namespace paymentctl {

/// Puts into the outbox, where the box can send mail: once a day what waits for a person, when
/// something does; and what fails, by the rules of report_is_due. `problems` are the sentences of
/// this run; the mails that failed, were not recognised or not proven in the last week come from
/// the ledger. A report that still waits gives way to the newer one.
void write_reports(BoxSession& session, const std::vector<std::string>& problems);

}  // namespace paymentctl
