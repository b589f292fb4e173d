#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/box.hpp"
#include "config/secrets.hpp"
#include "model/json.hpp"
#include "run/mail_servers.hpp"

namespace paymentctl {

enum class Verdict {
  ok,
  note,     ///< worth knowing, nothing to do
  warning,  ///< works, but should be better
  problem   ///< does not work: a person is needed
};

std::string_view name_of(Verdict verdict);

struct Finding {
  Verdict verdict = Verdict::ok;
  std::string subject;  ///< a key of box.xml or a part: "emlDir", "ledger"
  std::string what;     ///< one sentence
  std::string advice;   ///< what to do; empty where nothing is
};

Json to_json(const Finding& finding);

/// Looks at settings, folders, ledger and secrets of a box and changes nothing. Secrets are read,
/// to know that they can be; what they are is told nowhere.
std::vector<Finding> examine_box(const Box& box, SecretStore& secrets);

/// Tries token server, mailbox and mail server for real: logs in and out, retrieves, deletes and
/// keeps nothing. Only `send_test` sends a mail, to infoTo.
std::vector<Finding> examine_servers(const MailAccess& access, bool send_test);

}  // namespace paymentctl
