#pragma once

#include <map>
#include <string>

#include "platform/temporary_folder.hpp"
#include "run/stages.hpp"

namespace paymentctl {

/// What run_box() would do, done on copies of the ledgers and of the mails in a temporary folder
/// that is gone afterwards. Ledger, mailbox, folders and outbox stay byte for byte as they are:
/// mails are read from the mailbox and not deleted, nothing is sent, no lock is taken.
class DryRun {
 public:
  /// Tells `observer` the lines of run_box(), with the archive's paths but for the random names.
  /// `outbox_waiting` of the answer counts the notifications that the run would write. Boxes of one
  /// ledger see what the ones before would have done.
  /// Errors: those of run_box(), and temporary when somebody writes to the ledger all the time.
  RunReport run(Box box, const Clock& clock, Observer observer);

 private:
  /// The copy of the box's ledger, made at the first call; without a ledger a place for one.
  std::string ledger_for(const Box& box);

  TemporaryFolder folder_{"dry-run"};
  std::map<std::string, std::string> ledgers_;
  int boxes_ = 0;  ///< each has an archive of its own
};

}  // namespace paymentctl
