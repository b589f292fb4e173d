#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "platform/sha256.hpp"

namespace paymentctl {

/// What a mail's bytes say about its identity, taken while they pass by in pieces of any size.
class MailDigest {
 public:
  /// A header beyond this many bytes is looked at no further: the mail has no Message-ID for us.
  static constexpr std::size_t header_limit = 256u << 10;
  /// So much of it is handed on, for sender and subject.
  static constexpr std::size_t shown_header = 32u << 10;

  void update(std::string_view bytes);

  struct Result {
    std::uint64_t size = 0;
    std::string sha256;  ///< of all bytes
    std::string
        body_sha256;  ///< of the bytes behind the first empty line; of none where it is missing
    std::string message_id;  ///< without angle brackets; empty where there is none
    std::string header;      ///< what came before the body, up to shown_header
  };
  /// Afterwards nothing more may be added.
  Result finish();

 private:
  void look_for_body(std::string_view bytes);

  Sha256 all_;
  Sha256 body_;
  std::string header_;  ///< what came before the body, up to shown_header
  std::uint64_t size_ = 0;
  bool in_body_ = false;
  bool line_empty_ = true;  ///< nothing but '\r' since the last '\n'
};

/// The value of the only Message-ID in `header`, unfolded, without angle brackets; two different
/// ones, one that is longer than 998 bytes (RFC 5322), or bytes outside printable ASCII: empty.
std::string message_id_of(std::string_view header);

}  // namespace paymentctl
