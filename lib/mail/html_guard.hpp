#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.hpp"

namespace paymentctl {

/// What the scan of a document found.
struct GuardedHtml {
  std::optional<std::string> trap;  ///< why gumbo must not see this HTML
  /// The document, without a trap: the words of its comments, styles, scripts and titles, the
  /// attributes of its tags and all but the first of several blanks are left out where they can
  /// neither be seen nor hide anything, and one character stands for a run of text, since gumbo
  /// takes as long over each letter as all else does. html_to_text() makes the same of it.
  std::string html;
  /// What the characters from U+E000 on stand for in it, as html_run.hpp tells. Views of the
  /// document that was given.
  std::vector<std::string_view> runs;
};

/// gumbo is quadratic in nesting, in the attributes of a tag and in formatting elements left open,
/// and frees its tree by recursion; this scan is linear and tokenises as HTML5 does, so that
/// nothing hides from it what gumbo would see. Elements with rules of their own for what counts as
/// a tag inside them (drawings, forms, frames, templates) are refused altogether: no notice has
/// them.
GuardedHtml guard_html(std::string_view html, const MailLimits& limits);

}  // namespace paymentctl
