#pragma once

#include <vector>

#include "run/box_session.hpp"
#include "run/stages.hpp"

namespace paymentctl {

/// A mail on its way into the ledger, with the lines to print about it once it is there.
struct PostingMail {
  MailToPost mail;
  std::string path;         ///< for messages
  std::vector<Json> lines;  ///< of each payment (as parsed), or the one line of a mail without
};

/// Puts what proves the sender into the mail, as JSON, and what of it posting looks at.
void keep_evidence(const Json& evidence, MailToPost& mail);

/// Asks the rules again for payments that wait for documents, as the end of a run does, and writes
/// the notifications; the lines of those that were settled.
std::vector<Json> settle_now(BoxSession& session);

/// Posts mails in batches, each batch one transaction, and tells the observer of each mail.
class PostingBatch {
 public:
  PostingBatch(BoxSession& session, bool notify, RunReport& report);

  /// Posts when enough has come together.
  void add(PostingMail mail);

  /// Posts what has come together so far.
  void post();

  /// Posts the rest, then settles what waited for twins or for documents.
  void finish();

 private:
  void tell(const PostedMail& posted, const PostingMail& mail);

  BoxSession& session_;
  RunReport& report_;
  PostSettings settings_;
  const std::size_t most_;  ///< mails of a batch; twice as many payments
  std::vector<PostingMail> waiting_;
  std::size_t payments_waiting_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace paymentctl
