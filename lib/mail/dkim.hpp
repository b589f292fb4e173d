#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/mime.hpp"
#include "mail/proof_level.hpp"
#include "platform/clock.hpp"
#include "platform/dns.hpp"
#include "platform/signature.hpp"

namespace paymentctl {

/// What was found out about one DKIM-Signature header.
struct DkimFinding {
  std::string domain;     ///< d; empty where the header cannot be read
  std::string selector;   ///< s
  std::string algorithm;  ///< a
  std::vector<std::string> signed_headers;
  std::string
      body_digest;  ///< bh, base64: of a signature that holds, the very text it was made for
  std::optional<std::uint64_t> body_length;  ///< l
  /// How many bytes of the raw body the signature speaks for: all of them unless `l` is shorter.
  std::size_t signed_body = 0;
  int key_bits = 0;         ///< 0 until the key was looked up
  bool is_aligned = false;  ///< signed by one of the domains that were asked for
  /// none: not looked at, since somebody else signed.
  ProofLevel level = ProofLevel::none;
  std::vector<std::string> reasons;  ///< why it is weak or failed, half a sentence each
  /// Set when the key could not be asked for: no verdict, to be tried again.
  std::optional<std::string> no_answer;
};

/// Checks the DKIM signatures of a mail (RFC 6376, 8301, 8463) in two steps, since the first needs
/// no network. Everything is taken from the raw bytes. `raw` and `mail` outlive it.
class DkimCheck {
 public:
  /// Step one: headers, digests of the body, weaknesses. At most the first ten signatures are read.
  /// Those of other domains than `domains` are listed and left alone unless `others_too`.
  DkimCheck(std::string_view raw, const MimeStructure& mail,
            const std::vector<std::string>& domains, bool others_too, Timestamp now);
  ~DkimCheck();
  DkimCheck(const DkimCheck&) = delete;
  DkimCheck& operator=(const DkimCheck&) = delete;

  /// Step two: keys and signatures of what has not failed yet. Asks for at most one name a
  /// signature.
  void ask(Resolver& resolver);

  /// Bytes of the raw body.
  [[nodiscard]] std::size_t body_size() const { return raw_.size() - mail_.body_begin; }

  /// After step one `level` says how good a signature is if its key confirms it.
  [[nodiscard]] const std::vector<DkimFinding>& findings() const { return findings_; }

 private:
  struct Open;
  void look_at(const HeaderField& field, const std::vector<std::string>& domains, bool others_too,
               Timestamp now);
  void check_body(const Open& open, DkimFinding& finding) const;
  void check_cover(const Open& open, DkimFinding& finding, Timestamp now) const;
  [[nodiscard]] std::string signed_data(const Open& open) const;
  void ask_for(const Open& open, DkimFinding& finding, Resolver& resolver) const;

  std::string_view raw_;
  const MimeStructure& mail_;
  std::vector<DkimFinding> findings_;
  std::vector<Open> open_;
};

}  // namespace paymentctl
