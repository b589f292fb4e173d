#pragma once

#include "fetch/mail_register.hpp"
#include "ledger/messages.hpp"
#include "run/fetch_side.hpp"

namespace paymentctl {

/// What fetching asks of the ledger, for one box. Sender and subject are read from the head of
/// each mail, so that lists can show them before the mail is parsed.
class LedgerRegister : public MailRegister {
 public:
  /// `origin` is where the mails come from.
  LedgerRegister(const FetchSide& side, MailOrigin origin) : side_(side), origin_(origin) {}

  std::vector<bool> known(const std::vector<MailRecord>& mails) override;
  std::vector<std::optional<RecordedCopy>> copies(const std::vector<MailRecord>& mails) override;
  std::vector<bool> recorded(const std::vector<std::string>& paths) override;
  /// What is new goes on to be judged, where somebody waits for it.
  void record(const std::vector<MailRecord>& mails) override;

 private:
  void own(const MailRecord& mail);

  const FetchSide& side_;
  MailOrigin origin_;
};

}  // namespace paymentctl
