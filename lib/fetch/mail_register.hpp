#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace paymentctl {

/// What the ledger keeps of an archived mail.
struct MailRecord {
  std::string path;        ///< under archiveDir: "2026-08-24/154c463d-….eml", '/' on every system
  std::string sha256;      ///< of the archived bytes
  std::string message_id;  ///< as in the header, without angle brackets; empty where there is none
  std::string body_sha256;  ///< of the bytes behind the first empty line
  std::string uidl;         ///< the server's name for it; empty for files and servers without UIDL
  std::string header;       ///< what stands before the body, up to 32 KiB, for sender and subject
  std::string bytes;        ///< the whole mail, or nothing of one that went to disk as it came
  std::uint64_t size = 0;
  bool oversize = false;  ///< more than maxMailSize: archived, not to be parsed, to be reported
};

/// Where the archive should hold a mail that is known.
struct RecordedCopy {
  std::string path;    ///< under archiveDir
  std::string sha256;  ///< of the archived bytes
};

/// What fetching needs of the ledger, for the mails of one box.
class MailRegister {
 public:
  virtual ~MailRegister() = default;

  /// For each mail whether it was recorded before: by `sha256`, or by a `message_id` that is not
  /// empty together with `body_sha256`. `path` is not looked at and may be empty.
  [[nodiscard]] virtual std::vector<bool> known(const std::vector<MailRecord>& mails) = 0;

  /// Of each of the mails, which are known, the archive's copy: nullopt where the archive need not
  /// hold one, since it was pruned or the ledger itself keeps the mail. `path` is not looked at.
  [[nodiscard]] virtual std::vector<std::optional<RecordedCopy>> copies(
      const std::vector<MailRecord>& mails) = 0;

  /// For each archive path whether a mail was recorded with it.
  [[nodiscard]] virtual std::vector<bool> recorded(const std::vector<std::string>& paths) = 0;

  /// Records all as `fetched` in one transaction, durable on return: only then are they deleted
  /// where they came from. A sha256 that is recorded already is passed over, without an error.
  virtual void record(const std::vector<MailRecord>& mails) = 0;
};

/// MailRegister::known, and beyond it the later ones of mails that meet in `mails` itself.
std::vector<bool> seen_before(MailRegister& known, const std::vector<MailRecord>& mails);

}  // namespace paymentctl
