#pragma once

#include <string>

#include "mail/message.hpp"
#include "parse/format.hpp"
#include "parse/reading.hpp"

namespace paymentctl {

/// Does the rule hold for this mail?
bool applies(const IgnoreRule& rule, const FoldedMail& mail, Region region, const Message& message);

/// Why a rule that applies must not be believed: a payer may have written its words, if the notice
/// of a payment stands in front of them, an amount or a line of one of the bank's formats. Empty
/// where nothing speaks against the rule, as of one that asks for nothing in the text.
std::string doubt_about(const IgnoreRule& rule, const FoldedMail& mail, Region region,
                        const Bank& bank);

}  // namespace paymentctl
