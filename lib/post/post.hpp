#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/documents.hpp"
#include "ledger/messages.hpp"
#include "ledger/payments.hpp"
#include "match/match.hpp"

namespace paymentctl {

/// What of a bank format matters for telling one movement from two.
struct TwinFacts {
  /// Ids of formats that may tell the same movement; of a pair, each names the other.
  std::vector<std::string> twins;
  /// The body has the date; else it is the mail's, which a forward or a repetition changes.
  bool states_date = true;
  bool states_time = false;
  /// Its bank reference is the movement's own, which a statement has too; else that of the notice
  /// or of the order, which others may bear on another day.
  bool numbers_movements = true;
  bool states_variable_symbol = true;
  bool states_constant_symbol = true;
  bool states_specific_symbol = true;
};

/// What a payment has settled, for whoever writes the notification. `documents` stand in the order
/// of the allocations, as they are after the posting.
struct Settlement {
  std::int64_t payment_id = 0;
  Payment payment;
  MatchResult match;
  std::vector<Document> documents;
};

/// What was told of a payment and is no longer so. `documents` are as they are afterwards.
struct Correction {
  std::int64_t payment_id = 0;
  Payment payment;
  std::vector<Document> documents;
  std::vector<Amount> taken_off;  ///< in the order of `documents`
};

struct NotificationText {
  std::string subject;
  std::string text;
  std::string message_id;  ///< without angle brackets
};

struct PostSettings {
  BoxKey box;
  Timestamp now{};
  std::string who = "paymentctl";  ///< for the journal
  Amount tolerance;
  /// A payment without symbols whose format has twins is left unmatched until settle_waiting().
  bool defer_weaker_rules = false;
  /// Facts of a format by its id; where it is not set, no format has twins.
  std::function<TwinFacts(const std::string& format)> format_facts;
  /// The text for a payment that was paired; where it is not set, or gives nothing, nobody is told.
  std::function<std::optional<NotificationText>(const Settlement&)> notification;
  /// The text that takes back what a notification told; where it is not set, nobody is told.
  std::function<std::optional<NotificationText>(const Correction&)> correction;
};

struct PaymentToPost {
  Payment payment;
  /// As `match` found it; it is matched anew when the ledger has overtaken it. Absent: matched
  /// here.
  std::optional<MatchResult> match;
};

/// Everything that was found out about one mail, which the ledger has in state `fetched`.
struct MailToPost {
  std::string sha256;
  std::int64_t message = 0;  ///< its id in the ledger; 0 where only its sha256 is known
  /// ignored, unrecognised, quarantined or failed for a mail without payments; not looked at when
  /// there are payments.
  MessageState state = MessageState::posted;
  std::string format;
  std::string reason;
  /// Who signed which text of it; empty where nobody did. A second mail of the same signed text is
  /// quarantined instead of posted.
  std::string signed_text = {};
  std::string evidence;  ///< JSON of what proves the sender; empty where nobody looked
  std::vector<PaymentToPost> payments;  ///< all of the mail, in its order
};

struct PostedPayment {
  std::int64_t payment_id = 0;
  Payment payment;
  PaymentStatus status = PaymentStatus::unmatched;
  MatchResult match;                              ///< what was posted
  std::vector<DocumentStatus> document_statuses;  ///< in the order of match.allocations
  std::int64_t duplicate_of = 0;
};

struct PostedMail {
  std::string sha256;
  MessageState state = MessageState::fetched;
  std::string reason = {};  ///< why its payments were not posted, where it is quarantined
  /// The mail had its final state before: nothing was changed, `payments` are what the ledger has.
  bool already = false;
  std::vector<PostedPayment> payments;
  /// Set when this mail alone failed: it stays `fetched`, its neighbours are posted.
  std::optional<std::string> error;
};

/// Posts all in one transaction; where a mail fails, that is rolled back and repeated with each
/// mail under its own savepoint, so that it alone is left out. About 500 mails a call are fast.
/// Errors of the ledger as a whole (locked, full, gone) are thrown and nothing is posted.
std::vector<PostedMail> post_mails(Ledger& ledger, const PostSettings& settings,
                                   const std::vector<MailToPost>& mails);

/// Tries every payment that waits (unmatched or ambiguous) and for which something new can have
/// come: deferred ones, and all since documents were imported or changed. For the end of a run and
/// after `documents import`. Answers those that were settled, in transactions of a few hundred.
std::vector<PostedPayment> settle_waiting(Ledger& ledger, const PostSettings& settings);

}  // namespace paymentctl
