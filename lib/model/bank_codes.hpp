#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paymentctl {

/// One code of the Czech clearing centre, as the central bank lists them.
struct BankCode {
  std::string code;  ///< four digits
  std::string name;
  bool historic = false;  ///< no longer given to accounts
};

/// All that are known, by code. They come from parsers/bank-codes.csv; the list is no judge: banks
/// come and go, so a code that is not in it is worth a warning and nothing more.
const std::vector<BankCode>& bank_codes();

/// Empty for an unknown code.
std::optional<BankCode> bank_of_code(std::string_view code);

/// parsers/bank-codes.csv as it was when the program was built.
std::string_view bank_codes_text();

}  // namespace paymentctl
