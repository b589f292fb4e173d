#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "notify/mail_transport.hpp"

namespace paymentctl {

/// The mail as it goes over the line (RFC 5322): lines end with CRLF and have at most 78
/// characters, all of it is ASCII. The subject is folded into encoded words (RFC 2047) where it has
/// to be, the text is text/plain in UTF-8, quoted-printable. The same mail gives the same bytes.
/// Control characters, line ends and invalid UTF-8 in its texts become blanks or pictures of
/// themselves; no line of the text begins with a dot or with "From ".
/// `addresses` must have passed `fault_of_address`.
std::string compose_mail(const OutgoingMail& mail);

/// Why `address` cannot be written into an SMTP command or a header, as the end of a sentence
/// ("has no @"); nullopt when it can. ASCII addresses only, without a display name.
std::optional<std::string> fault_of_address(std::string_view address);

/// A Message-ID that nobody has, without angle brackets, in the domain of `from`. It is made where
/// a mail is written, so that every try bears the same.
std::string new_message_id(std::string_view from);

/// RFC 5322 date in UTC: "Mon, 24 Aug 2026 05:30:01 +0000".
std::string mail_date_of(Timestamp moment);

}  // namespace paymentctl
