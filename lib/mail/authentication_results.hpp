#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/mime.hpp"
#include "mail/proof_level.hpp"

namespace paymentctl {

/// `header.d=rb.cz`, `smtp.mailfrom=info@rb.cz`.
struct ResultProperty {
  std::string type;   ///< lower case: "header"
  std::string name;   ///< lower case: "d"
  std::string value;  ///< as written, quotes undone
};

/// What one method found out: `dkim=pass (2048-bit key) header.d=rb.cz`.
struct MethodResult {
  std::string method;  ///< lower case
  std::string result;  ///< lower case
  std::vector<ResultProperty> properties;

  /// The value of the only property of that name; empty where there is none or several.
  [[nodiscard]] std::string_view property(std::string_view type, std::string_view name) const;
};

/// The value of an Authentication-Results header (RFC 8601, 2.2).
struct AuthenticationResults {
  std::string authserv_id;            ///< as written, quotes undone
  std::vector<MethodResult> results;  ///< empty for `none`
};

/// Comments, quoted strings and both versions (of the header, which must be 1, and of a method) are
/// understood. What breaks the syntax is nullopt as a whole: half a header proves nothing. More
/// lenient than the standard in one place: a value without quotes may hold any sign but blanks,
/// `;`, `(` and `"`, since servers write digests and addresses so.
std::optional<AuthenticationResults> read_authentication_results(std::string_view value);

/// The authserv-id alone, for headers whose rest breaks the syntax.
std::optional<std::string> authserv_id_of(std::string_view value);

/// The value of the topmost Authentication-Results header that bears exactly `authserv_id` and
/// stands above the first Received header that its server did not write; nullptr where there is
/// none. Its server's are: the topmost Received, which whoever filled the mailbox wrote; and below
/// one of its server's, a Received whose `by` is `authserv_id`, a host below it, or localhost, if
/// the one above it says that it got the mail from there or says nothing of where from.
const HeaderField* find_trusted_results(const std::vector<HeaderField>& headers,
                                        std::string_view authserv_id);

/// What a trusted header says about a mail from one of `domains`.
struct ResultsVerdict {
  ProofLevel level = ProofLevel::none;
  std::string method;  ///< "dmarc", "dkim" or "spf" where it proves the sender
  std::string reason;  ///< where it does not: why
};

/// dmarc=pass for a header.from in `domains` is strong; else dkim=pass with such a header.d (or
/// header.i) is strong; else spf=pass with such an smtp.mailfrom is weak, since it speaks for the
/// server that sent the mail and not for its text. Two dmarc results contradict each other and
/// count as none.
ResultsVerdict judge_results(const AuthenticationResults& results,
                             const std::vector<std::string>& domains);

}  // namespace paymentctl
