#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace paymentctl {

/// `text` as it may be shown on a terminal or in a log: one line of valid UTF-8 in which control
/// characters stand as pictures (ESC as U+241B), and the invisible ones that turn the direction of
/// writing or break lines as "\u202e". Invalid bytes become U+FFFD.
std::string visible(std::string_view text);

/// The same for a text of several lines: line ends and tabs stay.
std::string visible_lines(std::string_view text);

/// `text` as it may stand in a mail's header or sentence: as visible(), but each run of control
/// characters and blanks is one blank, none at the ends.
std::string one_line(std::string_view text);

/// How many bytes in front are ASCII.
std::size_t ascii_prefix(std::string_view text);

/// Whether all of it is valid UTF-8 (RFC 3629): no overlong forms, no surrogates.
bool is_utf8(std::string_view text);

}  // namespace paymentctl
