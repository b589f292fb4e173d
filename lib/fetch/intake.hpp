#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/archive.hpp"
#include "fetch/header_scan.hpp"
#include "platform/file_batch.hpp"

namespace paymentctl {

/// The way of every mail, whatever its source: bytes → archive, durable → register, durable → the
/// source may let go of it. Mails go it in batches, since a flush and a commit each cost more than
/// a mail. An Error from the archive or the register ends the whole fetch, and nothing that was not
/// recorded is released.
class Intake {
 public:
  /// Told, after the commit, which mails may be deleted where they came from: the tickets that the
  /// source gave them, those of mails seen before included.
  using Release = std::function<void(const std::vector<std::size_t>& tickets)>;

  Intake(const FetchContext& context, FetchReport& report, Release release);
  ~Intake();
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  /// One mail at a time: any number of append, then either finish or cancel.
  void append(std::string_view bytes);
  void cancel();
  /// The mail is whole. Commits the batch when it is full.
  void finish(std::size_t ticket, std::string uidl = {});

  /// Commits what is there. To be called at the end; the destructor drops what is uncommitted.
  void commit();

  /// Mails finished and not yet committed.
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }

 private:
  struct Pending {
    std::size_t ticket = 0;
    std::optional<std::size_t> staged;  ///< of a mail that went to disk as it came
  };

  void spool();
  std::unique_ptr<FileBatch> begin_batch();
  FileBatch& batch();
  /// What the archive has lost of mails that are known is put back before their source lets go.
  void put_back_lost(const std::vector<MailRecord>& records, const std::vector<bool>& known);
  void put_back(const MailRecord& mail, const RecordedCopy& copy);
  /// Makes those not seen before durable; their records.
  std::vector<MailRecord> write(std::vector<MailRecord> records, const std::vector<Pending>& mails,
                                FileBatch* staged);

  const FetchContext& context_;
  FetchReport& report_;
  Release release_;
  std::vector<Pending> pending_;
  std::vector<MailRecord> records_;  ///< of the pending ones
  std::uint64_t pending_bytes_ = 0;
  std::unique_ptr<FileBatch> batch_;
  std::string day_;  ///< the folder of the batch
  std::uint64_t done_ = 0;

  std::optional<MailDigest> digest_;  ///< of the mail that is coming in
  std::string bytes_;
  std::optional<std::size_t> staged_;
  std::string name_;
};

}  // namespace paymentctl
