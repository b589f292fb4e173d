#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mail/mime.hpp"

namespace paymentctl {

/// How much a signature lets the servers between change (RFC 6376, 3.4).
enum class Canonicalization { simple, relaxed };

/// Appends a header as it is signed, with its line end. `field` points into the raw mail: the bytes
/// between name and value count. A line end of the raw mail may be CRLF or LF, since mails are kept
/// on disk both ways; it is signed as CRLF.
void append_canonical_header(std::string& to, const HeaderField& field, Canonicalization kind);

/// A body as it is signed.
struct CanonicalBody {
  std::string bytes;        ///< at most `length` of them where that was given
  std::uint64_t whole = 0;  ///< how many bytes the whole canonical body has
  /// How many bytes of the raw body the signed ones come from: all of them unless `length` is less
  /// than `whole`.
  std::size_t raw_end = 0;
};

/// `length` is the tag `l=`.
CanonicalBody canonical_body(std::string_view body, Canonicalization kind,
                             std::optional<std::uint64_t> length);

}  // namespace paymentctl
