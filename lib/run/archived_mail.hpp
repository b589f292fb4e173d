#pragma once

#include "run/box_session.hpp"

namespace paymentctl {

/// The machine that fetched a mail may have been another one: what the ledger has kept of the mail
/// is written into this machine's archive, where its file is not there. A mail of which nothing was
/// kept is left as it is.
void restore_archived(BoxSession& session, const MessageRow& mail);

}  // namespace paymentctl
