#include "run/proof_policy.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mail/domain.hpp"
#include "model/error.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

/// A single address of a bank at somebody else's domain speaks for that domain only.
std::vector<std::string> domains_of(const BankFacts& bank, const std::string& address) {
  const std::string domain(domain_of_address(address));
  if (is_aligned(domain, bank.domains)) return bank.domains;
  return {domain};
}

}  // namespace

bool names_bank(const std::string& name, const BankFacts& bank) {
  return name == bank.id ||
         std::any_of(bank.domains.begin(), bank.domains.end(), [&](const std::string& domain) {
           return domain == name || domain.starts_with(name + ".");
         });
}

Authentication required_of(const AuthenticationRule& rule, const BankFacts& bank) {
  for (const auto& [name, required] : rule.by_bank) {
    if (names_bank(name, bank)) return required;
  }
  if (rule.general) return *rule.general;
  return bank.signs_dkim ? Authentication::weak : Authentication::off;
}

SenderDemand demand_of(const Box& box, const Catalog& catalog, const std::string& address) {
  if (const std::string id = catalog.bank_of_sender(address); !id.empty()) {
    const BankFacts bank = catalog.bank(id).value_or(BankFacts());
    return {required_of(box.require_authentication, bank), domains_of(bank, address)};
  }
  const auto& trusted = box.trusted_forwarders;
  if (std::find(trusted.begin(), trusted.end(), address) == trusted.end()) return {};
  return {box.require_authentication.general.value_or(Authentication::weak),
          {std::string(domain_of_address(address))}};
}

void check_rule(const AuthenticationRule& rule, const Catalog& catalog) {
  const auto banks = catalog.banks();
  for (const auto& [name, required] : rule.by_bank) {
    const bool is_known = std::any_of(
        banks.begin(), banks.end(),
        [&, &wanted = name](const BankFacts& bank) { return names_bank(wanted, bank); });
    if (!is_known) {
      throw Error(ExitCode::config,
                  fmt::format("requireAuthentication names the bank {}, which nobody knows; see: "
                              "paymentctl formats list",
                              name));
    }
  }
}

bool is_enough(ProofLevel level, Authentication required) {
  switch (required) {
    case Authentication::off:
      return true;
    case Authentication::weak:
      return level >= ProofLevel::weak;
    case Authentication::strong:
      break;
  }
  return level >= ProofLevel::strong;
}

std::string_view name_of(Authentication required) {
  switch (required) {
    case Authentication::off:
      return "off";
    case Authentication::weak:
      return "weak";
    case Authentication::strong:
      break;
  }
  return "strong";
}

}  // namespace paymentctl
