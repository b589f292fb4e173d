#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/mail_register.hpp"
#include "platform/clock.hpp"
#include "platform/random.hpp"

namespace paymentctl {

struct FetchLimits {
  std::uint64_t max_mail_size = 25u << 20;  ///< bytes; larger mails are archived as `oversize`
  std::size_t batch_mails = 500;            ///< at most so many under one flush and commit
  std::uint64_t batch_bytes = 4u << 20;     ///< at most so many bytes of them in memory
  std::uint64_t spool_from = 256u << 10;    ///< a mail beyond this goes to disk as it comes
};

/// What fetching needs from outside. All references outlive the call.
struct FetchContext {
  std::filesystem::path archive;  ///< archiveDir; created where missing
  MailRegister& mails;
  const Clock& clock;
  std::function<void(std::chrono::milliseconds)> sleep;
  std::function<std::string()> new_name = random_uuid;
  FetchLimits limits = {};
  /// False in a dry run: nothing is deleted where it came from, nor tidied up in the archive.
  bool releases = true;
  /// Called after each batch with the mails done so far, for a progress line; may be empty.
  std::function<void(std::uint64_t done)> progress = {};
  /// Once it is asked for, what is in hand is finished and nothing more is begun.
  std::stop_token stop = {};
  /// Asked before each mail of a mailbox: whether the next run takes the rest. May be empty.
  std::function<bool()> is_enough = {};

  [[nodiscard]] bool may_go_on() const {
    return !stop.stop_requested() && !(is_enough && is_enough());
  }
};

/// What became of the mails of one source. Mails are not kept here, so that memory does not grow
/// with their number: the register has them.
struct FetchReport {
  std::uint64_t recorded = 0;         ///< archived and recorded now
  std::uint64_t known = 0;            ///< recorded before; only deleted
  std::uint64_t oversize = 0;         ///< of `recorded`, those beyond max_mail_size
  std::uint64_t left = 0;             ///< left for the next run, e.g. still being written
  std::uint64_t failed = 0;           ///< could not be read or not be deleted; `problems` says why
  std::vector<std::string> problems;  ///< one sentence each; at most 100, the rest only counted

  std::vector<std::string> repairs;  ///< a sentence for each file that the archive had lost

  void problem(std::string text);
  FetchReport& operator+=(const FetchReport& other);
};

/// Writes one mail into the archive, durably, its day's folder too.
void put_into_archive(const std::filesystem::path& file, std::string_view bytes);

/// Records archive files of the last `days` days (by folder name) that have no row: a kill fell
/// between archive and ledger. Also removes what a kill left half written, once it is a day old.
/// To be called before a source is read, under the lock of the mailbox.
FetchReport recover_archive(const FetchContext& context, int days = 7);

}  // namespace paymentctl
