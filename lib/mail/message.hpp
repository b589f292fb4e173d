#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/date.hpp"

namespace paymentctl {

/// One readable text of a mail: UTF-8 without NUL, lines apart by '\n', no '\r'. Transfer encoding
/// and charset are undone exactly once. Nothing is folded or collapsed yet: no-break spaces, tabs
/// and zero-width characters are as the bank wrote them.
struct Body {
  std::string text;
  bool from_html = false;
};

/// A decoded mail. Every text is valid UTF-8 without NUL.
struct Message {
  std::string message_id;    ///< without angle brackets; empty where there is none
  std::string from_address;  ///< addr-spec of the only From, domain in lower case; else empty
  std::string from_name;     ///< display name, decoded
  std::string subject;       ///< decoded and unfolded
  std::optional<Date>
      date;              ///< day of the Date header in its own zone, else of the topmost Received
  bool answers = false;  ///< In-Reply-To or References names another mail
  /// text/plain and text/html parts that are not attachments, in the order of the mail. In
  /// multipart/alternative the alternatives stand one after the other. Blank ones are left out, so
  /// a mail that is an attachment only has none, and that alone is no reason to refuse it.
  std::vector<Body> bodies;
  std::vector<std::string> attachments;  ///< file names or media types of all other leaf parts
  /// Why the mail must not be read as a notice, in words for a person: damaged beyond doubt, over a
  /// limit, two From headers or several senders, a message/rfc822 inside, a text with NUL bytes or
  /// one whose end is certainly missing, nothing to read at all. The rest is filled in as far as
  /// possible.
  std::optional<std::string> refused;
};

/// Bounds on mail from strangers; what exceeds one is `refused`, never partly read.
struct MailLimits {
  std::size_t size = 25u << 20;         ///< bytes of the whole mail
  std::size_t header_line = 64u << 10;  ///< bytes of one unfolded header
  std::size_t headers = 1000;           ///< in one entity
  std::size_t depth = 16;               ///< of nested multiparts
  std::size_t parts = 200;              ///< parts, those that hold others included
  std::size_t text = 1u << 20;          ///< bytes of one text part after decoding
  std::size_t html_depth = 256;
  std::size_t html_attributes = 64;  ///< of one tag
};

/// Never throws on any input and runs in time linear in its size.
Message decode_mail(std::string_view raw, const MailLimits& limits = {});

}  // namespace paymentctl
