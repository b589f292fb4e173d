#include "mail/dkim.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "mail/dkim_signature.hpp"
#include "mail/domain.hpp"
#include "model/ascii.hpp"
#include "model/base64.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_signatures = 10;
constexpr std::size_t most_keys = 3;
constexpr int good_rsa_key = 1024;

void fail(DkimFinding& finding, std::string reason) {
  finding.level = ProofLevel::failed;
  finding.reasons.push_back(std::move(reason));
}

void weaken(DkimFinding& finding, std::string reason) {
  if (finding.level == ProofLevel::strong) finding.level = ProofLevel::weak;
  finding.reasons.push_back(std::move(reason));
}

bool is_rsa(SignatureAlgorithm algorithm) {
  return algorithm != SignatureAlgorithm::ed25519_sha256;
}

std::string_view digest_name(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::rsa_sha1 ? "sha1" : "sha256";
}

/// Why the key must not be used for this signature; empty where it may.
std::string misuse(const DkimKey& key, const DkimHeader& header) {
  if (key.bytes.empty()) return "its key was revoked";
  if (key.type != (is_rsa(header.algorithm) ? "rsa" : "ed25519")) {
    return "its key is one of another kind";
  }
  const std::string_view digest = digest_name(header.algorithm);
  if (!key.digests.empty() &&
      std::find(key.digests.begin(), key.digests.end(), digest) == key.digests.end()) {
    return "its key is not meant for " + header.algorithm_name;
  }
  if (key.is_strict && header.identity_domain != header.domain) {
    return "its key does not speak for subdomains";
  }
  return {};
}

}  // namespace

struct DkimCheck::Open {
  std::size_t finding = 0;
  HeaderField field;
  DkimHeader header;
};

DkimCheck::DkimCheck(std::string_view raw, const MimeStructure& mail,
                     const std::vector<std::string>& domains, bool others_too, Timestamp now)
    : raw_(raw), mail_(mail) {
  for (const HeaderField& field : mail.headers) {
    if (!ascii::equal(field.name, "DKIM-Signature")) continue;
    if (findings_.size() == most_signatures) break;
    look_at(field, domains, others_too, now);
  }
}

DkimCheck::~DkimCheck() = default;

void DkimCheck::look_at(const HeaderField& field, const std::vector<std::string>& domains,
                        bool others_too, Timestamp now) {
  DkimFinding& finding = findings_.emplace_back();
  finding.signed_body = body_size();
  auto read = read_dkim_header(field.value);
  if (const auto* const fault = std::get_if<std::string>(&read)) {
    fail(finding, *fault);
    return;
  }
  Open open{findings_.size() - 1, field, std::get<DkimHeader>(std::move(read))};
  const DkimHeader& header = open.header;
  finding.domain = header.domain;
  finding.selector = header.selector;
  finding.algorithm = header.algorithm_name;
  finding.signed_headers = header.signed_headers;
  finding.body_digest = base64(header.body_digest);
  finding.body_length = header.body_length;
  finding.is_aligned = is_aligned(header.domain, domains);
  if (!finding.is_aligned && !others_too) return;
  finding.level = ProofLevel::strong;
  check_body(open, finding);
  if (finding.level == ProofLevel::failed) return;
  check_cover(open, finding, now);
  open_.push_back(std::move(open));
}

void DkimCheck::check_body(const Open& open, DkimFinding& finding) const {
  const DkimHeader& header = open.header;
  const CanonicalBody body =
      canonical_body(raw_.substr(mail_.body_begin), header.body, header.body_length);
  if (header.body_length && *header.body_length > body.whole) {
    return fail(finding, "it signs more text than the mail has");
  }
  const DigestKind kind =
      header.algorithm == SignatureAlgorithm::rsa_sha1 ? DigestKind::sha1 : DigestKind::sha256;
  if (digest_bytes(kind, body.bytes) != header.body_digest) {
    return fail(finding, "the text was changed after it was signed");
  }
  finding.signed_body = body.raw_end;
  if (header.body_length && *header.body_length < body.whole) {
    weaken(finding, "it signs only the first " + std::to_string(*header.body_length) +
                        " bytes of the text (l=), what follows is not read");
  }
}

void DkimCheck::check_cover(const Open& open, DkimFinding& finding, Timestamp now) const {
  const DkimHeader& header = open.header;
  if (header.algorithm == SignatureAlgorithm::rsa_sha1) {
    weaken(finding, "it uses rsa-sha1, which is out of date");
  }
  // A header that stands in the mail more often than it is signed can have been put there by
  // anybody, and readers differ in which one they show.
  for (const char* const name : {"Subject", "Date", "Content-Type"}) {
    const auto there =
        std::count_if(mail_.headers.begin(), mail_.headers.end(),
                      [name](const HeaderField& field) { return ascii::equal(field.name, name); });
    const auto covered = std::count_if(
        header.signed_headers.begin(), header.signed_headers.end(),
        [name](const std::string& signed_name) { return ascii::equal(signed_name, name); });
    if (there > covered) weaken(finding, std::string(name) + " is not signed");
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (header.expires && *header.expires < seconds) weaken(finding, "it has expired");
}

/// RFC 6376, 3.7: the signed headers, each name from the bottom up, then the signature itself with
/// nothing behind `b=` and without its line end.
std::string DkimCheck::signed_data(const Open& open) const {
  const DkimHeader& header = open.header;
  std::string data;
  std::vector<bool> used(mail_.headers.size(), false);
  for (const std::string& name : header.signed_headers) {
    for (std::size_t i = mail_.headers.size(); i-- > 0;) {
      if (used[i] || !ascii::equal(mail_.headers[i].name, name)) continue;
      used[i] = true;
      append_canonical_header(data, mail_.headers[i], header.head);
      break;
    }
  }
  const char* const begin = open.field.name.data();
  const char* const end = open.field.value.data() + open.field.value.size();
  const char* const hole = header.signature_text.data();
  const auto before_value = static_cast<std::size_t>(open.field.value.data() - begin);
  std::string own(begin, hole);
  own.append(hole + header.signature_text.size(), end);
  const std::string_view view = own;
  append_canonical_header(data, {view.substr(0, open.field.name.size()), view.substr(before_value)},
                          header.head);
  data.resize(data.size() - 2);
  return data;
}

void DkimCheck::ask(Resolver& resolver) {
  for (const Open& open : open_) ask_for(open, findings_[open.finding], resolver);
}

void DkimCheck::ask_for(const Open& open, DkimFinding& finding, Resolver& resolver) const {
  const DkimHeader& header = open.header;
  const std::string name = header.selector + "._domainkey." + header.domain;
  const TxtAnswer answer = resolver.txt(name);
  if (answer.status == TxtAnswer::Status::failed) {
    finding.level = ProofLevel::none;
    finding.no_answer = name + " could not be looked up: " + answer.error;
    return;
  }
  const std::string data = signed_data(open);
  std::string fault = "its key " + name + " is not in DNS";
  std::size_t tried = 0;
  for (const std::string& text : answer.texts) {
    const auto key = read_dkim_key(text);
    if (!key || tried == most_keys) continue;
    ++tried;
    if (std::string reason = misuse(*key, header); !reason.empty()) {
      fault = std::move(reason);
      continue;
    }
    const SignatureCheck check =
        check_signature(header.algorithm, key->bytes, data, header.signature);
    finding.key_bits = check.key_bits;
    if (check.status == SignatureCheck::Status::bad_key) {
      fault = "its key cannot be used";
    } else if (check.status == SignatureCheck::Status::invalid) {
      fault = "the signature does not fit: its headers were changed or another key was used";
    } else {
      if (is_rsa(header.algorithm) && check.key_bits < good_rsa_key) {
        weaken(finding, "its key has only " + std::to_string(check.key_bits) + " bits");
      }
      if (key->is_test) weaken(finding, "its domain marks the key as a test");
      return;
    }
  }
  fail(finding, std::move(fault));
}

}  // namespace paymentctl
