#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mail/message.hpp"
#include "model/own_account.hpp"
#include "model/payment.hpp"

namespace paymentctl {

class Catalog;

/// A known mail that tells of no movement; the reasons stand in interface.md ("balance", …).
struct Ignored {
  std::string reason;
  std::string format;  ///< id of the format or ignore rule, or empty
};

/// Nobody knows it: a person must look. The reason is a sentence for that person.
struct Unrecognised {
  std::string reason;
  std::string bank;  ///< id of the bank whose sender it was, or empty
};

/// Payments of one mail, never empty; Source::index, count and format are filled in, the rest of
/// Source is left to the caller.
using Payments = std::vector<Payment>;

using Notice = std::variant<Payments, Ignored, Unrecognised>;

/// What decides about a mail besides its bytes and the formats.
struct ParseSettings {
  std::vector<OwnAccount> own_accounts;
  std::vector<std::string> trusted_forwarders;  ///< addresses, lower case
  std::string bank;  ///< id of the bank to assume whatever the sender (`--bank`), or empty
};

/// Reads the payments out of a notice. Pure; never throws on any message.
Notice read_notice(const Message& message, const Catalog& catalog, const ParseSettings& settings);

/// For each format that was tried: which line was found where, and which was missing; plain text in
/// lines, for `parse --explain`.
std::string explain_notice(const Message& message, const Catalog& catalog,
                           const ParseSettings& settings);

}  // namespace paymentctl
