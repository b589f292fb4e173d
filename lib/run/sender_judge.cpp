#include "run/sender_judge.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "mail/mail_date.hpp"
#include "model/ascii.hpp"
#include "model/error.hpp"
#include "platform/sha256.hpp"
#include "run/proof_policy.hpp"

namespace paymentctl {
namespace {

constexpr std::chrono::days longest_journey{30};
constexpr std::chrono::days longest_wait{3};

std::string policy_of(const Judge& judge, const Box& box) {
  std::string text = judge.policy() + "\nsender";
  const AuthenticationRule& rule = box.require_authentication;
  if (rule.general) text.append("\ngeneral ").append(name_of(*rule.general));
  for (const auto& [bank, required] : rule.by_bank) {
    text.append("\n").append(bank).append(" ").append(name_of(required));
  }
  text.append("\nserver ").append(box.trusted_authserv.value_or(""));
  if (box.only_own_accounts) text.append("\nonly own accounts");
  return sha256(text).substr(0, 16);
}

/// A second one in front of what was signed would make an old mail look like a new one.
std::string doubt_about_twins(const MimeStructure& parts) {
  for (const char* const name : {"Date", "Message-ID"}) {
    const auto count =
        std::count_if(parts.headers.begin(), parts.headers.end(),
                      [name](const HeaderField& field) { return ascii::equal(field.name, name); });
    if (count > 1) {
      return fmt::format("it has {} headers {}, so it may be an old one sent again", count, name);
    }
  }
  return {};
}

/// Date headers are written by whoever wrote the mail, Received ones by the servers it came
/// through.
std::string doubt_about_date(const MimeStructure& parts) {
  const HeaderField* const received = find_header(parts.headers, "Received");
  const HeaderField* const date = find_header(parts.headers, "Date");
  if (received == nullptr || date == nullptr) return {};
  const std::size_t semicolon = received->value.rfind(';');
  if (semicolon == std::string_view::npos) return {};
  const auto arrived = read_mail_date(received->value.substr(semicolon + 1));
  const auto written = read_mail_date(date->value);
  if (!arrived || !written) return {};
  const auto apart = arrived->days() - written->days();
  if (apart <= longest_journey && apart >= -longest_journey) return {};
  return fmt::format(
      "it says it was written on {} and arrived on {}, so it may be an old one sent "
      "again",
      written->iso(), arrived->iso());
}

std::string doubt_about_accounts(const JudgedMail& mail, const std::vector<OwnAccount>& own) {
  for (const Payment& payment : std::get<Payments>(mail.notice)) {
    if (!payment.own_account) continue;
    const bool is_own = std::any_of(own.begin(), own.end(), [&](const OwnAccount& each) {
      return each.account == *payment.own_account;
    });
    if (!is_own) {
      return fmt::format("it tells of the account {}, which is not among ownAccounts",
                         payment.own_account->str());
    }
  }
  return {};
}

bool tells_of_payments(const JudgedMail& mail) {
  return std::holds_alternative<Payments>(mail.notice);
}

}  // namespace

SenderJudge::SenderJudge(const Judge& judge, const Catalog& catalog, const Box& box,
                         const Clock& clock, std::unique_ptr<Resolver> resolver)
    : judge_(judge),
      catalog_(catalog),
      box_(box),
      clock_(clock),
      resolver_(std::move(resolver)),
      policy_(policy_of(judge, box)) {
  check_rule(box.require_authentication, catalog);
}

JudgedMail SenderJudge::oversize(std::string path, std::string sha256, std::uint64_t size,
                                 std::uint64_t limit) const {
  JudgedMail mail = judge_.oversize(std::move(path), std::move(sha256), size, limit);
  settle(mail);
  return mail;
}

JudgedMail SenderJudge::judge(std::string_view bytes, std::string path, const MailFacts& facts,
                              std::string digest) const {
  JudgedMail mail = judge_.judge(bytes, path, std::move(digest));
  const SenderDemand demand = demand_of(box_, catalog_, mail.sender);
  const MimeStructure parts = take_apart(bytes, limits_of(box_.max_mail_size));
  if (demand.domains.empty() || parts.refused) {
    settle(mail);
    return mail;
  }
  SenderProof proof(bytes, parts, {demand.domains, box_.trusted_authserv.value_or("")},
                    clock_.now());
  const bool is_demanded = demand.required != Authentication::off;
  // Names are asked for only where something depends on the answer.
  const bool is_open = proof.is_partial() || (tells_of_payments(mail) &&
                                              !is_enough(proof.evidence().level, demand.required));
  if (is_demanded && is_open) proof.ask(*resolver_);
  const SenderEvidence evidence = proof.evidence();
  if (is_demanded && proof.readable().size() < bytes.size()) {
    mail = judge_.judge(proof.readable(), std::move(path), std::string(mail.source.sha256));
  }
  mail.evidence = to_json(evidence);
  mail.evidence["required"] = name_of(demand.required);
  if (tells_of_payments(mail)) {
    const bool is_proven = is_enough(evidence.level, demand.required);
    const bool may_wait = !facts.fetched_at || clock_.now() - *facts.fetched_at < longest_wait;
    if (!is_proven && evidence.no_answer && may_wait) {
      throw Error(ExitCode::temporary,
                  fmt::format("mail {} waits, since the key of its sender {}; the next run tries "
                              "again",
                              mail.source.path, *evidence.no_answer));
    }
    mail.quarantined =
        is_proven
            ? doubt_about(mail, parts, facts)
            : fmt::format(
                  "the sender {} is not proven ({} is wanted, {} was found): {}; see: "
                  "paymentctl mail-auth",
                  mail.sender, name_of(demand.required), name_of(evidence.level), evidence.why);
  }
  settle(mail);
  return mail;
}

std::string SenderJudge::doubt_about(const JudgedMail& mail, const MimeStructure& parts,
                                     const MailFacts& facts) const {
  if (!facts.suspicion.empty()) return facts.suspicion;
  if (std::string doubt = doubt_about_twins(parts); !doubt.empty()) return doubt;
  if (std::string doubt = doubt_about_date(parts); !doubt.empty()) return doubt;
  return box_.only_own_accounts ? doubt_about_accounts(mail, box_.own_accounts) : std::string();
}

/// The lines of a mail judged here must not pass for those of a mail that needs no proof.
void SenderJudge::settle(JudgedMail& mail) const {
  mail.source.policy = policy_;
  for (Payment* const payment : payments_of(mail)) payment->source.policy = policy_;
}

std::unique_ptr<Resolver> resolver_of(const Box& box) {
  std::optional<DnsServer> server;
  if (box.dns_server) server = DnsServer{box.dns_server->host, box.dns_server->port};
  return caching_resolver(system_resolver(std::move(server)));
}

}  // namespace paymentctl
