#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.hpp"

namespace paymentctl {

/// One header line. Views point into the raw mail; the value may be folded over several lines.
struct HeaderField {
  std::string_view name;
  std::string_view value;
};

enum class TransferEncoding { none, quoted_printable, base64 };

/// What the body of a part ends with.
enum class PartEnd {
  boundary,          ///< a boundary line
  mail,              ///< the end of a mail that has one part only
  missing_boundary,  ///< the end of the mail, where a boundary line should be
};

/// A part that holds no other parts.
struct LeafPart {
  std::string media_type = "text/plain";  ///< lower case, "type/subtype"
  std::string charset;                    ///< as declared, or empty
  std::string file_name;                  ///< as declared, RFC 2231 undone, RFC 2047 not; or empty
  TransferEncoding encoding = TransferEncoding::none;
  bool is_attachment = false;  ///< by its disposition, or that of a multipart around it
  PartEnd end = PartEnd::boundary;
  std::string_view body;  ///< still encoded; the line end before the boundary is no part of it
};

/// A mail taken apart, nothing decoded.
struct MimeStructure {
  std::vector<HeaderField> headers;  ///< of the whole mail
  std::size_t body_begin = 0;        ///< where in the raw mail its body begins
  std::vector<LeafPart> leaves;
  std::optional<std::string> refused;  ///< why the parts must not be read
};

/// One linear pass without recursion and without copies of bodies, so that no nesting, no boundary
/// line and no line length costs more than its bytes. Lines end with CRLF or LF, mixed as they
/// come. A boundary line may have trailing blanks; one of an outer multipart closes the inner ones.
MimeStructure take_apart(std::string_view raw, const MailLimits& limits);

/// The first header of that name, or nullptr.
const HeaderField* find_header(const std::vector<HeaderField>& headers, std::string_view name);

}  // namespace paymentctl
