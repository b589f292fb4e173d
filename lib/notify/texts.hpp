#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/document.hpp"
#include "model/language.hpp"
#include "model/match_result.hpp"
#include "model/payment.hpp"

namespace paymentctl {

/// A mail's words: the subject is one line without control characters, whatever the names of
/// partners hold; the text is lines apart by '\n', UTF-8.
struct MailText {
  std::string subject;
  std::string text;
};

/// "CZK 10,890.00" or "10 890,00 Kč"; other currencies by code: "EUR 5.00", "5,00 EUR".
std::string amount_in_words_of(Language language, Amount amount, Currency currency);

/// "2026-09-03" or "3. 9. 2026".
std::string day_in_words_of(Language language, Date day);

/// One sentence for each document that the payment has settled. `documents` are as they stand after
/// the posting, in the order of match.allocations, of which there is at least one.
/// Source: the table "Notifications" of the interface.
MailText payment_notification(Language language, const MatchResult& match,
                              const std::vector<Document>& documents);

/// That a payment, told of before, was taken off documents again: one sentence each. `documents`
/// are as they stand afterwards, `taken_off` in their order; there is at least one.
MailText correction_notification(Language language, const std::vector<Document>& documents,
                                 const std::vector<Amount>& taken_off);

/// Something that a person should look at.
struct WaitingItem {
  enum class Kind { unmatched, ambiguous, unrecognised, quarantined };
  Kind kind = Kind::unmatched;
  std::string what;  ///< the payment or the mail in a few words
  std::string why;
  std::string path;  ///< of the mail in the archive, or empty
};

/// What waits for a person, by kind. At most 200 items are written out; `total` counts all, and is
/// at least items.size(). The last lines are the commands that look into it; `box_file` is their
/// -c.
MailText waiting_digest(Language language, const std::vector<WaitingItem>& items, std::size_t total,
                        const std::string& box_file);

struct FailedItem {
  std::string what;  ///< the stage or the mail
  std::string why;
  std::string path;  ///< of the mail in the archive, or empty
};

/// What failed in `box`; at most 200 items are written out. The last line is the command that tells
/// how the box is doing.
MailText error_report(Language language, const std::string& box,
                      const std::vector<FailedItem>& items, std::size_t total,
                      const std::string& box_file);

/// Notifications that waited longer than 7 days, in one mail.
MailText late_digest(Language language, const std::vector<MailText>& notifications);

}  // namespace paymentctl
