#pragma once

#include <filesystem>
#include <functional>

#include "platform/process_lock.hpp"
#include "run/box_session.hpp"
#include "run/mail_queue.hpp"
#include "run/stages.hpp"

namespace paymentctl {

/// What a fetch works with. In a thread of its own it has a ledger, an observer and a report to
/// itself, and of the session uses only what nobody else does.
struct FetchSide {
  const BoxSession& session;
  Ledger& ledger;
  const Observer& observer;
  RunReport& report;
  MailQueue* judging = nullptr;  ///< where recorded mails go on to
};

/// Whether the mailbox is to be left alone by stopFrom and stopTo, as the clock on the wall shows
/// them: an hour that a change of the clocks leaves out holds no pause, one that comes twice two.
bool is_in_pause(const Box& box, const Clock& clock);

/// One process at a time reads a box's sources: Error(temporary) when another one does.
ProcessLock lock_sources(const BoxSession& session);

/// What pop3Url and emlDir hold into archive and ledger, after what a kill left between the two. A
/// source that cannot be read is a problem, and the other ones go on. Under the lock.
void fetch_sources(const FetchSide& side);

/// The same for a folder and all folders below it, without waiting for warm files. A folder that
/// cannot be read is thrown.
void fetch_folder(const FetchSide& side, const std::filesystem::path& folder, bool remove);

}  // namespace paymentctl
