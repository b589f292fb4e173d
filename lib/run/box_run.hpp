#pragma once

#include <string_view>

#include "run/stages.hpp"

namespace paymentctl {

/// The error of a run that was asked to stop and has no other.
inline constexpr std::string_view stopped_text =
    "stopped on request; what is not done waits for the next run";

/// All stages for one box: fetch, parse, match, post, outbox, notify; and the run's record in the
/// ledger. A source that cannot be read is a problem and the other stages go on; a mailbox that
/// another process holds ends the run with Error(temporary).
RunReport run_box(BoxSession& session);

/// The same for the mails of a folder, without the box's own sources: a backfill. Nobody is
/// notified unless `notify`.
RunReport import_folder(BoxSession& session, const std::filesystem::path& folder, bool remove,
                        bool notify);

}  // namespace paymentctl
