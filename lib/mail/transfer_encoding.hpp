#pragma once

#include <string>
#include <string_view>

namespace paymentctl {

/// Bytes of a part with its transfer encoding undone.
struct Decoded {
  std::string bytes;
  /// The encoded text ends in the middle of a sign: something is missing behind it.
  bool is_cut_off = false;
};

/// RFC 2045, 6.7. Blanks at the end of a line are the transport's and vanish; line ends become LF;
/// what is no valid sequence stays as it is, raw 8-bit bytes too.
Decoded decode_quoted_printable(std::string_view text);

/// RFC 2045, 6.8. Signs outside the alphabet are skipped; the text ends at the padding.
Decoded decode_base64(std::string_view text);

}  // namespace paymentctl
