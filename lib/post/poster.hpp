#pragma once

#include <functional>
#include <map>
#include <memory>

#include "ledger/posting.hpp"
#include "post/post.hpp"

namespace paymentctl {

/// Posts mail after mail within a transaction that the caller holds.
class Poster {
 public:
  Poster(Ledger& ledger, const PostSettings& settings);

  /// Asks at once what post() would ask of each of these.
  void expect(const std::vector<MailToPost>& mails);

  PostedMail post(const MailToPost& mail);

  /// Matches a payment that the ledger does not have, has `insert` put it there (its answer is the
  /// new id), and settles what it pays.
  using Insert = std::function<std::int64_t(const PaymentOutcome&)>;
  PostedPayment post_new(const Payment& payment, const MatchResult* given, const Insert& insert);

  /// Asks the rules again for a payment that waits.
  PostedPayment settle(const PaymentRow& row, bool may_defer);

 private:
  std::optional<std::pair<std::int64_t, MessageState>> state_of(const MailToPost& mail);
  std::string doubt_about(std::int64_t message, const MailToPost& mail,
                          const std::vector<std::optional<PaymentRow>>& told);
  std::optional<PaymentRow> repeated_on_another_day(const Payment& payment);
  bool is_released(std::int64_t message);
  void expect_elsewhere(const std::vector<MailToPost>& mails);
  std::vector<std::optional<PaymentRow>> told_elsewhere(std::int64_t message,
                                                        const MailToPost& mail);
  PostedPayment post_payment(std::int64_t message, const PaymentToPost& to_post,
                             const std::optional<PaymentRow>& told);
  std::optional<PaymentRow> original_of(const Payment& payment);
  std::optional<PaymentRow> told_by_statement(const Payment& payment, const TwinFacts& facts);
  MatchResult taken_back(const Payment& payment);
  [[nodiscard]] TwinFacts facts_of(const Payment& payment) const;
  [[nodiscard]] bool waits_for_twin(const Payment& payment) const;
  MatchResult decide(const Payment& payment, const MatchResult* given, bool defers);
  MatchResult without_forbidden(std::int64_t payment, MatchResult match);
  std::optional<std::vector<DocumentRow>> documents_of(const MatchResult& match);
  PostedPayment apply(std::int64_t id, const Payment& payment, MatchResult match,
                      std::int64_t pairing);

  Ledger& ledger_;
  const PostSettings& settings_;
  std::unique_ptr<LedgerDocuments> documents_;
  bool has_statements_;
  bool has_other_boxes_;
  std::map<std::string, std::pair<std::int64_t, MessageState>> expected_;
  ToldPayments elsewhere_;
};

}  // namespace paymentctl
