#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/box.hpp"
#include "mail/sender_proof.hpp"
#include "model/json.hpp"
#include "parse/catalog.hpp"
#include "platform/clock.hpp"
#include "platform/dns.hpp"

namespace paymentctl {

/// An Authentication-Results header of a mail, whoever wrote it.
struct FoundResults {
  std::string authserv_id;  ///< empty where the header cannot be read
  std::string header;       ///< its value as one line
  ResultsVerdict verdict;
};

/// What proves the sender of a mail, for a person.
struct SenderReport {
  std::string from;  ///< the address in From; empty where nobody can tell
  std::string bank;  ///< id of the bank whose sender that is, or empty
  Authentication required =
      Authentication::off;  ///< what a mail from a mailbox would have to prove
  SenderEvidence evidence;
  std::vector<FoundResults> results;
  std::string advice;  ///< what to set in box.xml, a sentence
};

/// Looks at a mail as `box` would, at every signature. Without `resolver` no key is asked for.
SenderReport examine_sender(std::string_view bytes, const Box& box, const Catalog& catalog,
                            Resolver* resolver, Timestamp now);

Json to_json(const SenderReport& report);

/// One line a finding, then the verdict and the advice.
std::string sender_text(const SenderReport& report);

}  // namespace paymentctl
