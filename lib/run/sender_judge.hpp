#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/box.hpp"
#include "mail/sender_proof.hpp"
#include "platform/clock.hpp"
#include "platform/dns.hpp"
#include "run/judge.hpp"

namespace paymentctl {

/// What is known of a mail besides its bytes.
struct MailFacts {
  std::string suspicion;  ///< why it may be a replay, by the ledger; or empty
  /// When it was fetched; absent where nobody knows. A key that could not be asked for in three
  /// days will not come.
  std::optional<Timestamp> fetched_at;
};

/// Judges mails that anybody may have written: what a Judge reads out of them counts only when the
/// sender is proven as the box demands it and nothing looks like a replay. Else the mail is
/// quarantined. Mails without payments stay what they are. One object serves several threads.
class SenderJudge {
 public:
  /// All outlive it. Error(config) for a rule about an unknown bank.
  SenderJudge(const Judge& judge, const Catalog& catalog, const Box& box, const Clock& clock,
              std::unique_ptr<Resolver> resolver);

  /// `digest` as for Judge::judge. Error(temporary) when the sender's key cannot be asked for: the
  /// mail has to wait.
  [[nodiscard]] JudgedMail judge(std::string_view bytes, std::string path, const MailFacts& facts,
                                 std::string digest = {}) const;

  /// As Judge::oversize.
  [[nodiscard]] JudgedMail oversize(std::string path, std::string sha256, std::uint64_t size,
                                    std::uint64_t limit) const;

  /// As Judge::policy, with all that decides about proof.
  [[nodiscard]] const std::string& policy() const { return policy_; }

 private:
  [[nodiscard]] std::string doubt_about(const JudgedMail& mail, const MimeStructure& parts,
                                        const MailFacts& facts) const;
  void settle(JudgedMail& mail) const;

  const Judge& judge_;
  const Catalog& catalog_;
  const Box& box_;
  const Clock& clock_;
  std::unique_ptr<Resolver> resolver_;
  std::string policy_;
};

/// The resolver that a box asks: the system's, or its dnsServer.
std::unique_ptr<Resolver> resolver_of(const Box& box);

}  // namespace paymentctl
