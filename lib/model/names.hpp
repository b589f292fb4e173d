#pragma once

#include <optional>
#include <string_view>

#include "model/document.hpp"
#include "model/match_result.hpp"
#include "model/payment.hpp"

namespace paymentctl {

/// The words that JSON, CSV and the ledger use for each value of the enumerations.
std::string_view name_of(Direction value);
std::string_view name_of(PaymentKind value);
std::string_view name_of(DocumentKind value);
std::string_view name_of(DocumentStatus value);
std::string_view name_of(MatchStatus value);
std::string_view name_of(MatchRule value);  ///< "symbol-amount" and so on

/// The value with that name, e.g. value_of<Direction>("incoming"); nullopt for any other word.
template <typename Enumeration>
std::optional<Enumeration> value_of(std::string_view name);

}  // namespace paymentctl
