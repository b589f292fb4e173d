#pragma once

#include <string>
#include <string_view>

#include "parse/catalog.hpp"
#include "parse/notice.hpp"

namespace paymentctl::testing {

/// A catalog of one bank, test.example with the code 0800, whose formats are `rules`.
inline Catalog bank_of(std::string_view rules, std::string_view attributes = "") {
  return Catalog::from_files(
      {{"test.xml", "<bank id=\"test\" name=\"Test bank\" code=\"0800\" " +
                        std::string(attributes) + ">\n<sender domain=\"test.example\"/>\n" +
                        std::string(rules) + "</bank>"}});
}

inline Message mail(std::string_view text, std::string_view subject = "") {
  Message message;
  message.from_address = "info@test.example";
  message.subject = std::string(subject);
  message.date = Date::from(2026, 8, 12);
  message.bodies.push_back({std::string(text), false});
  return message;
}

inline Notice read(std::string_view rules, std::string_view text,
                   const ParseSettings& settings = {}) {
  return read_notice(mail(text), bank_of(rules), settings);
}

/// "" or what went wrong, for INFO.
inline std::string problem(const Notice& notice) {
  if (const auto* ignored = std::get_if<Ignored>(&notice)) return "ignored: " + ignored->reason;
  if (const auto* strange = std::get_if<Unrecognised>(&notice)) return strange->reason;
  return "";
}

inline ParseSettings own(std::initializer_list<const char*> accounts) {
  ParseSettings settings;
  for (const char* text : accounts) settings.own_accounts.push_back({*AccountNumber::parse(text)});
  return settings;
}

}  // namespace paymentctl::testing
