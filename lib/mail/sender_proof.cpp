#include "mail/sender_proof.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mail/header_text.hpp"

namespace paymentctl {
namespace {

std::string listed(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, "; "));
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_of(const DkimFinding& finding, bool are_keys_known) {
  const bool is_open = finding.no_answer || (!are_keys_known && finding.level > ProofLevel::failed);
  return {{"domain", or_null(finding.domain)},
          {"selector", or_null(finding.selector)},
          {"algorithm", or_null(finding.algorithm)},
          {"key_bits", finding.key_bits == 0 ? Json(nullptr) : Json(finding.key_bits)},
          {"signed_headers", finding.signed_headers},
          {"signed_length", finding.body_length ? Json(*finding.body_length) : Json(nullptr)},
          {"aligned", finding.is_aligned},
          {"verdict", is_open ? Json(nullptr) : Json(name_of(finding.level))},
          {"reasons", finding.reasons},
          {"no_answer", finding.no_answer ? Json(*finding.no_answer) : Json(nullptr)}};
}

/// The first line of what a person reads about the signatures when none proves anything.
std::string why_unsigned(const SenderEvidence& evidence) {
  const std::string wanted = fmt::format("{}", fmt::join(evidence.domains, " or "));
  std::string reasons;
  for (const DkimFinding& finding : evidence.signatures) {
    if (!finding.is_aligned && !finding.domain.empty()) continue;
    if (finding.level == ProofLevel::failed) reasons = listed(finding.reasons);
    if (finding.level > ProofLevel::failed && !evidence.are_keys_known) {
      return fmt::format("signed by {}, its key was not asked for", finding.domain);
    }
  }
  if (!reasons.empty()) return fmt::format("the signature of {} fails: {}", wanted, reasons);
  return fmt::format("no signature of {}", wanted);
}

}  // namespace

Json to_json(const SenderEvidence& evidence) {
  Json json{{"verdict", name_of(evidence.level)}, {"why", evidence.why},
            {"domains", evidence.domains},        {"signed_text", or_null(evidence.signed_text)},
            {"authentication_results", nullptr},  {"signatures", Json::array()}};
  if (!evidence.results.empty()) {
    json["authentication_results"] = {{"header", evidence.results},
                                      {"verdict", name_of(evidence.results_verdict.level)},
                                      {"method", or_null(evidence.results_verdict.method)},
                                      {"reason", or_null(evidence.results_verdict.reason)}};
  }
  for (const DkimFinding& finding : evidence.signatures) {
    json["signatures"].push_back(json_of(finding, evidence.are_keys_known));
  }
  return json;
}

SenderProof::SenderProof(std::string_view raw, const MimeStructure& mail, ProofSettings settings,
                         Timestamp now)
    : raw_(raw),
      body_begin_(mail.body_begin),
      signatures_(raw, mail, settings.domains, settings.others_too, now) {
  base_.domains = std::move(settings.domains);
  for (const DkimFinding& finding : signatures_.findings()) {
    if (!finding.is_aligned || finding.level <= ProofLevel::failed) continue;
    is_weakly_signed_ = is_weakly_signed_ || finding.level == ProofLevel::weak;
    if (finding.signed_body == signatures_.body_size()) continue;
    smallest_part_ = std::min(smallest_part_.value_or(finding.signed_body), finding.signed_body);
  }
  if (settings.authserv_id.empty()) return;
  const HeaderField* const field = find_trusted_results(mail.headers, settings.authserv_id);
  if (field == nullptr) {
    base_.results_verdict.reason =
        fmt::format("no Authentication-Results header of {}", settings.authserv_id);
    return;
  }
  base_.results = decode_header_text(field->value);
  const auto results = read_authentication_results(field->value);
  base_.results_verdict =
      results ? judge_results(*results, base_.domains)
              : ResultsVerdict{ProofLevel::failed, "", "it cannot be understood as a whole"};
}

void SenderProof::ask(Resolver& resolver) {
  signatures_.ask(resolver);
  is_asked_ = true;
}

const DkimFinding* SenderProof::best_signature() const {
  if (!is_asked_) return nullptr;
  const DkimFinding* best = nullptr;
  for (const DkimFinding& finding : signatures_.findings()) {
    if (!finding.is_aligned || finding.level <= ProofLevel::failed) continue;
    const bool is_better =
        best == nullptr || finding.level > best->level ||
        (finding.level == best->level && finding.signed_body > best->signed_body);
    if (is_better) best = &finding;
  }
  return best;
}

SenderEvidence SenderProof::evidence() const {
  SenderEvidence evidence = base_;
  evidence.signatures = signatures_.findings();
  evidence.are_keys_known = is_asked_;
  for (const DkimFinding& finding : evidence.signatures) {
    if (finding.is_aligned && finding.no_answer) evidence.no_answer = finding.no_answer;
  }
  const ResultsVerdict& results = base_.results_verdict;
  const DkimFinding* const best = best_signature();
  if (best != nullptr) evidence.signed_text = best->domain + " " + best->body_digest;
  if (best != nullptr && (best->level == ProofLevel::strong || results.level <= ProofLevel::weak ||
                          is_weakly_signed_)) {
    evidence.level = best->level;
    evidence.why = fmt::format("signed by {}", best->domain);
    if (!best->reasons.empty()) evidence.why += ", but " + listed(best->reasons);
    return evidence;
  }
  if (results.level > ProofLevel::failed) {
    // The server may have passed a signature that covers less than it should.
    evidence.level = is_weakly_signed_ ? ProofLevel::weak : results.level;
    evidence.why = fmt::format("{}=pass says the receiving server", results.method);
    return evidence;
  }
  const bool has_failed = std::any_of(
      evidence.signatures.begin(), evidence.signatures.end(), [](const DkimFinding& finding) {
        return finding.is_aligned && finding.level == ProofLevel::failed;
      });
  evidence.level =
      has_failed || results.level == ProofLevel::failed ? ProofLevel::failed : ProofLevel::none;
  evidence.why = why_unsigned(evidence);
  if (!results.reason.empty()) {
    evidence.why += fmt::format(
        "; {}{}", evidence.results.empty() ? "" : "the receiving server: ", results.reason);
  }
  if (evidence.no_answer) evidence.why = *evidence.no_answer;
  return evidence;
}

std::string_view SenderProof::readable() const {
  if (!smallest_part_) return raw_;
  const DkimFinding* const best = best_signature();
  return raw_.substr(0, body_begin_ + (best != nullptr ? best->signed_body : *smallest_part_));
}

}  // namespace paymentctl
