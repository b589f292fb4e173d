#pragma once

#include "fetch/mail_register.hpp"
#include "run/box_session.hpp"

namespace paymentctl {

/// What fetching asks of the ledger, for one box. Sender and subject are read from the head of
/// each mail, so that lists can show them before the mail is parsed.
class LedgerRegister : public MailRegister {
 public:
  explicit LedgerRegister(BoxSession& session) : session_(session) {}

  std::vector<bool> known(const std::vector<MailRecord>& mails) override;
  std::vector<bool> recorded(const std::vector<std::string>& paths) override;
  void record(const std::vector<MailRecord>& mails) override;

 private:
  BoxSession& session_;
};

}  // namespace paymentctl
