#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/box.hpp"
#include "mail/proof_level.hpp"
#include "parse/catalog.hpp"

namespace paymentctl {

/// Whose word counts for a sender, and how much of it is needed.
struct SenderDemand {
  Authentication required = Authentication::off;
  std::vector<std::string> domains;
};

/// What a mail of this sender has to prove in a box: by the exceptions for its bank, by the general
/// value, else weak where the bank is known to sign and off where not. A trusted forwarder has to
/// prove himself as a bank that signs does. Nobody else: their mails are never posted.
SenderDemand demand_of(const Box& box, const Catalog& catalog, const std::string& address);

/// The same for a bank by its facts.
Authentication required_of(const AuthenticationRule& rule, const BankFacts& bank);

/// Whether a name of requireAuthentication means this bank: its id, one of its domains, or such a
/// domain's first label ("rb" for rb.cz).
bool names_bank(const std::string& name, const BankFacts& bank);

/// An exception for a bank that nobody knows would silently protect nothing: Error(config).
void check_rule(const AuthenticationRule& rule, const Catalog& catalog);

bool is_enough(ProofLevel level, Authentication required);

std::string_view name_of(Authentication required);

}  // namespace paymentctl
