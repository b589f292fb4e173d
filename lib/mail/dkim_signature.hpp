#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mail/dkim_canonical.hpp"
#include "mail/mime.hpp"
#include "platform/signature.hpp"

namespace paymentctl {

/// The value of a DKIM-Signature header (RFC 6376, 3.5).
struct DkimHeader {
  SignatureAlgorithm algorithm = SignatureAlgorithm::rsa_sha256;
  std::string algorithm_name;
  std::string signature;    ///< b, as bytes
  std::string body_digest;  ///< bh, as bytes
  Canonicalization head = Canonicalization::simple;
  Canonicalization body = Canonicalization::simple;
  std::string domain;                        ///< d, lower case
  std::string selector;                      ///< s, lower case
  std::vector<std::string> signed_headers;   ///< h, lower case, in its order
  std::string identity_domain;               ///< of i, lower case
  std::optional<std::uint64_t> body_length;  ///< l
  std::optional<std::int64_t> expires;       ///< x, seconds since 1970
  std::string_view signature_text;           ///< what stands between `b=` and its `;` in the mail
};

/// The header, or why it is no signature that anybody can check.
std::variant<DkimHeader, std::string> read_dkim_header(std::string_view value);

/// A key record (RFC 6376, 3.6.1).
struct DkimKey {
  std::string type;                  ///< "rsa" or "ed25519"
  std::string bytes;                 ///< p; empty means revoked
  std::vector<std::string> digests;  ///< h: which ones may be used; empty means all
  bool is_test = false;              ///< t=y
  bool is_strict = false;            ///< t=s: i and d must be the same
};

/// The key in a TXT record; nullopt for one that is no key for mail.
std::optional<DkimKey> read_dkim_key(std::string_view record);

/// The bytes of a base64 text with blanks and line ends in it; nullopt for anything else.
std::optional<std::string> strict_base64(std::string_view text);

}  // namespace paymentctl
