#pragma once

#include <span>
#include <string>
#include <string_view>

namespace paymentctl {

/// The text of an HTML document as a person sees it: block elements, cells and `<br>` break the
/// line, inline elements add nothing, runs of white space are one blank (U+00A0 stays what it is),
/// entities are resolved. Head, styles, scripts, attributes and what is hidden (`display:none`,
/// `hidden`) are no text. `html` is valid UTF-8 without NUL that guard_html() let through, or
/// what guard_html() made of such a one, with its runs.
std::string html_to_text(std::string_view html, std::span<const std::string_view> runs = {});

}  // namespace paymentctl
