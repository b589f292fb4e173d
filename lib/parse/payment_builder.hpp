#pragma once

#include <string>
#include <variant>

#include "parse/notice.hpp"
#include "parse/reading.hpp"

namespace paymentctl {

/// All lines are there, but what they say must not become a payment; the reason is for a person.
struct Doubt {
  std::string reason;
};

/// Neither amount nor direction: the format does not apply after all.
struct NotAPayment {};

using Built = std::variant<Payment, Ignored, Doubt, NotAPayment>;

/// What build_payment needs to know beside the values found.
struct BuildContext {
  const FoldedMail& mail;
  const Bank& bank;
  const Format& format;
  const ParseSettings& settings;
  std::optional<Date> mail_date;
};

/// Values to a payment by the rules of the banks' notices: amounts, symbols, accounts, direction,
/// message, dates as interface.md states them.
Built build_payment(const Reading& reading, const BuildContext& context);

}  // namespace paymentctl
