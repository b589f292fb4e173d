#include "run/mail_auth.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mail/domain.hpp"
#include "mail/header_text.hpp"
#include "mail/message.hpp"
#include "model/ascii.hpp"
#include "model/visible.hpp"
#include "run/judge.hpp"
#include "run/proof_policy.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_results = 20;

std::vector<FoundResults> all_results(const MimeStructure& mail,
                                      const std::vector<std::string>& domains) {
  std::vector<FoundResults> found;
  for (const HeaderField& field : mail.headers) {
    if (!ascii::equal(field.name, "Authentication-Results")) continue;
    if (found.size() == most_results) break;
    FoundResults each;
    each.header = decode_header_text(field.value);
    if (const auto results = read_authentication_results(field.value)) {
      each.authserv_id = visible(results->authserv_id);
      each.verdict = judge_results(*results, domains);
    } else {
      each.verdict.reason = "it cannot be understood as a whole";
    }
    found.push_back(std::move(each));
  }
  return found;
}

std::string advice_for(const SenderReport& report) {
  if (report.from.empty()) {
    return "nobody can tell who sent the mail, so nothing of it is ever posted";
  }
  const std::string subject = report.bank.empty() ? report.from : report.bank;
  const SenderEvidence& evidence = report.evidence;
  if (evidence.no_answer) return "DNS could not be asked; try again when it can";
  if (is_enough(evidence.level, report.required) && report.required != Authentication::off) {
    return fmt::format("the mail is proven as box.xml demands it ({})", name_of(report.required));
  }
  if (evidence.level >= ProofLevel::weak) {
    const std::string level(name_of(evidence.level));
    return report.bank.empty()
               ? fmt::format("such mails can be told from forged ones; requireAuthentication={}",
                             level)
               : fmt::format(
                     "such mails can be told from forged ones: set requireAuthentication="
                     "\"weak, {}:{}\"",
                     subject, level);
  }
  for (const FoundResults& results : report.results) {
    if (results.verdict.level < ProofLevel::weak || results.authserv_id.empty()) continue;
    return fmt::format(
        "if {} is the server of your own mailbox and removes such headers from "
        "mails that come in, set trustedAuthserv={}",
        results.authserv_id, results.authserv_id);
  }
  if (report.required == Authentication::off) {
    return "nothing proves such mails and nothing is demanded of them; keep the mailbox's address "
           "to yourselves and set onlyOwnAccounts=true";
  }
  return fmt::format(
      "if genuine mails of {} look like this one, set requireAuthentication=\"weak, "
      "{}:off\" and run: paymentctl messages retry --state quarantined",
      subject, subject);
}

std::string signature_line(const DkimFinding& finding, bool are_keys_known) {
  std::string verdict(name_of(finding.level));
  if (finding.no_answer) verdict = "not known: " + *finding.no_answer;
  if (!are_keys_known && finding.level > ProofLevel::failed) verdict = "its key was not asked for";
  std::string text =
      fmt::format("  signature of {}{}: {}", finding.domain.empty() ? "nobody" : finding.domain,
                  finding.is_aligned ? "" : ", which is not the sender's domain", verdict);
  if (!finding.algorithm.empty()) {
    text += fmt::format(" ({}{})", finding.algorithm,
                        finding.key_bits == 0 ? "" : fmt::format(", {} bits", finding.key_bits));
  }
  if (!finding.reasons.empty()) text += fmt::format(": {}", fmt::join(finding.reasons, "; "));
  return text + "\n";
}

}  // namespace

SenderReport examine_sender(std::string_view bytes, const Box& box, const Catalog& catalog,
                            Resolver* resolver, Timestamp now) {
  const MailLimits limits = limits_of(box.max_mail_size);
  SenderReport report;
  report.from = decode_mail(bytes, limits).from_address;
  report.bank = catalog.bank_of_sender(report.from);
  SenderDemand demand = demand_of(box, catalog, report.from);
  report.required = demand.required;
  if (demand.domains.empty() && !report.from.empty()) {
    demand.domains.emplace_back(domain_of_address(report.from));
  }
  const MimeStructure mail = take_apart(bytes, limits);
  report.results = all_results(mail, demand.domains);
  SenderProof proof(bytes, mail, {demand.domains, box.trusted_authserv.value_or(""), true}, now);
  if (resolver != nullptr) proof.ask(*resolver);
  report.evidence = proof.evidence();
  report.advice = advice_for(report);
  return report;
}

Json to_json(const SenderReport& report) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
  };
  Json json{{"from", or_null(report.from)},
            {"bank", or_null(report.bank)},
            {"required", name_of(report.required)}};
  json.update(to_json(report.evidence));
  json["found_results"] = Json::array();
  for (const FoundResults& each : report.results) {
    json["found_results"].push_back({{"authserv_id", or_null(each.authserv_id)},
                                     {"header", each.header},
                                     {"verdict", name_of(each.verdict.level)},
                                     {"method", or_null(each.verdict.method)},
                                     {"reason", or_null(each.verdict.reason)}});
  }
  json["advice"] = report.advice;
  return json;
}

std::string sender_text(const SenderReport& report) {
  std::string text =
      fmt::format("sender {}{}\n", report.from.empty() ? "nobody can tell" : visible(report.from),
                  report.bank.empty() ? ", no known bank" : fmt::format(", bank {}", report.bank));
  const SenderEvidence& evidence = report.evidence;
  for (const DkimFinding& finding : evidence.signatures) {
    text += signature_line(finding, evidence.are_keys_known);
  }
  if (evidence.signatures.empty()) text += "  no signature\n";
  for (const FoundResults& each : report.results) {
    text += fmt::format("  Authentication-Results of {}{}: {}{}\n",
                        each.authserv_id.empty() ? "nobody" : each.authserv_id,
                        each.header == evidence.results ? ", which is trusted" : "",
                        name_of(each.verdict.level),
                        each.verdict.method.empty() ? ", " + each.verdict.reason
                                                    : fmt::format(" by {}", each.verdict.method));
  }
  return text + fmt::format("proof of sender: {} ({})\nadvice: {}\n", name_of(evidence.level),
                            evidence.why, report.advice);
}

}  // namespace paymentctl
