#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/authentication_results.hpp"
#include "mail/dkim.hpp"
#include "mail/mime.hpp"
#include "mail/proof_level.hpp"
#include "model/json.hpp"

namespace paymentctl {

/// Whose word counts for a mail.
struct ProofSettings {
  std::vector<std::string> domains;  ///< of the sender's organisation
  std::string authserv_id;           ///< empty: no Authentication-Results header is believed
  bool others_too = false;           ///< check the signatures of other domains too, for a person
};

/// Everything that speaks for or against the sender of a mail.
struct SenderEvidence {
  ProofLevel level = ProofLevel::none;
  std::string why;                   ///< half a sentence for a person
  std::vector<std::string> domains;  ///< those of ProofSettings
  std::string results;               ///< the trusted Authentication-Results header, one line
  ResultsVerdict results_verdict;
  std::vector<DkimFinding> signatures;
  /// Who signed which text (domain and digest), of the best signature that holds: two mails of
  /// which it is the same are one that was sent again, whatever their headers say. Empty without
  /// one.
  std::string signed_text;
  bool are_keys_known = false;  ///< whether the keys of the signatures were asked for
  /// Set when the level may be too low only because a key could not be asked for.
  std::optional<std::string> no_answer;
};

Json to_json(const SenderEvidence& evidence);

/// Gathers the evidence; without ask() it needs no network. `raw` and `mail` outlive it.
class SenderProof {
 public:
  SenderProof(std::string_view raw, const MimeStructure& mail, ProofSettings settings,
              Timestamp now);

  /// Whether a signature of the domains speaks for a part of the text only (`l=`). What stands
  /// behind it anybody may have appended, so what else speaks for the sender does not help.
  [[nodiscard]] bool is_partial() const { return smallest_part_.has_value(); }

  /// Asks for the keys.
  void ask(Resolver& resolver);

  /// What is known so far. Signatures whose keys were not asked for prove nothing.
  [[nodiscard]] SenderEvidence evidence() const;

  /// The bytes of the raw mail that may be read: those that the best signature speaks for; the
  /// whole mail where none speaks for a part only.
  [[nodiscard]] std::string_view readable() const;

 private:
  [[nodiscard]] const DkimFinding* best_signature() const;

  std::string_view raw_;
  std::size_t body_begin_;
  SenderEvidence base_;  ///< all but the signatures
  DkimCheck signatures_;
  std::optional<std::size_t> smallest_part_;
  bool is_weakly_signed_ = false;
  bool is_asked_ = false;
};

}  // namespace paymentctl
