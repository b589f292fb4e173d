#pragma once

#include <string>
#include <string_view>

#include "model/visible.hpp"

namespace paymentctl {

/// Text of a mail as UTF-8, always valid; U+FFFD stands where nothing else can. `declared` is the
/// charset as the mail names it, quotes and spelling variants included, or empty.
///
/// The declared charset is obeyed. Where none is declared, its name is unknown, or the bytes are
/// not allowed in it: valid UTF-8 is UTF-8, since Czech text in another charset practically never
/// is, and everything else is windows-1250, which Czech banks' systems send undeclared. C1 controls
/// count as not allowed in the ISO 8859 family: it is windows-1250 sent under the wrong name.
std::string decode_charset(std::string bytes, std::string_view declared);

/// Text in UTF-8 as the bytes of windows-1250 that it was before somebody turned it into UTF-8;
/// characters that windows-1250 does not have stay UTF-8. Bytes that are no UTF-8 stay as they are.
std::string encode_windows_1250(std::string_view text);

/// Appends a code point as UTF-8; what is none (a surrogate, too large) becomes U+FFFD.
void append_utf8(std::string& text, char32_t point);

}  // namespace paymentctl
