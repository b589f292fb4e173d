#pragma once

#include <string>
#include <string_view>

namespace paymentctl {

/// The text of a header as a person reads it: unfolded, encoded words (RFC 2047, B and Q) decoded,
/// raw 8-bit as decode_charset() guesses it. One line, valid UTF-8, no control characters.
///
/// Blanks between two encoded words vanish, and a character may be split between two of one
/// charset. An encoded word also counts where the standard forbids it (inside quotes, glued to its
/// neighbours), since mail programs write it there.
std::string decode_header_text(std::string_view value);

/// Length of the encoded word at the start of `text`, or 0.
std::size_t encoded_word_length(std::string_view text);

}  // namespace paymentctl
