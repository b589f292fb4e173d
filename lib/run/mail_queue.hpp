#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "run/sender_judge.hpp"

namespace paymentctl {

/// A mail that is archived and recorded, on its way to be judged.
struct ArchivedMail {
  std::string path;  ///< under archiveDir, as the ledger has it
  std::string sha256;
  std::string bytes;  ///< the whole mail; empty where it is to be read from the archive
  /// What is known of a mail whose sender has to be proven.
  std::optional<MailFacts> to_prove = {};
  std::int64_t message = 0;  ///< its id in the ledger
};

/// Mails on their way from one thread, which fetches, to another, which judges and posts; in order.
class MailQueue {
 public:
  /// `most_bytes` of mails may wait, and at least one batch of any size.
  explicit MailQueue(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// Waits until there is room. Once nobody takes any more, the mails are dropped.
  void put(std::vector<ArchivedMail> mails);
  /// Nothing more will be put.
  void end();

  /// Whether take() would answer at once.
  bool is_ready();
  /// Waits for the next mail; nullopt after the last one.
  std::optional<ArchivedMail> take();
  /// Nothing more will be taken.
  void close();

 private:
  const std::size_t most_bytes_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable emptied_;
  std::deque<ArchivedMail> mails_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
  bool closed_ = false;
};

}  // namespace paymentctl
