#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.hpp"
#include "model/json.hpp"
#include "parse/notice.hpp"

namespace paymentctl {

/// A mail and what it says.
struct JudgedMail {
  Source source;                 ///< of the mail as a whole: index 0, count 1, format empty
  Notice notice;                 ///< payments bear the whole Source
  std::string sender = {};       ///< the address in From; empty where nobody can tell
  std::string quarantined = {};  ///< why nothing of it may be posted; empty where all may
  Json evidence = nullptr;       ///< what proves the sender; null where nobody looked

  /// Payments or a known mail without any; anything else a person has to look at.
  [[nodiscard]] bool is_settled() const {
    return quarantined.empty() && !std::holds_alternative<Unrecognised>(notice);
  }
};

/// The payments of a mail, none for one that has none.
std::vector<Payment*> payments_of(JudgedMail& mail);

/// The bounds of a box on a mail.
MailLimits limits_of(std::uint64_t max_mail_size);

/// Judges mails under one set of formats and settings. One object serves several threads.
class Judge {
 public:
  Judge(const Catalog& catalog, ParseSettings settings, MailLimits limits = {});

  /// `path` is where the mail lies, for the reader of the result; `digest` its SHA-256, where
  /// it is known already.
  [[nodiscard]] JudgedMail judge(std::string_view bytes, std::string path,
                                 std::string digest = {}) const;

  /// A mail beyond the limit, which is not read: unrecognised, with the reason.
  [[nodiscard]] JudgedMail oversize(std::string path, std::string sha256, std::uint64_t size,
                                    std::uint64_t limit) const;

  /// Which format found which line, for `parse --explain`.
  [[nodiscard]] std::string explain(std::string_view bytes) const;

  /// A digest of everything that decides how a mail is judged, but for its bytes: formats, own
  /// accounts, forwarders, an assumed bank. Two judges with one policy judge alike.
  [[nodiscard]] const std::string& policy() const { return policy_; }

 private:
  const Catalog& catalog_;
  const ParseSettings settings_;
  const MailLimits limits_;
  const std::string policy_;
};

/// The lines that `parse` prints for a judged mail: one for each payment, else a single one.
std::vector<Json> lines_of(const JudgedMail& mail);

}  // namespace paymentctl
