#include "model/bank_codes.hpp"

#include <algorithm>

namespace paymentctl {
namespace {

std::string_view cut(std::string_view& text, char mark) {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

/// Name behind the code and state at the end; the name may hold commas and stand in quotes.
BankCode code_of(std::string_view line) {
  BankCode result;
  result.code = cut(line, ',');
  const std::size_t comma = std::min(line.rfind(','), line.size());
  std::string_view name = line.substr(0, comma);
  if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
  result.name = name;
  result.historic = line.ends_with(",historic");
  return result;
}

std::vector<BankCode> all_codes() {
  std::vector<BankCode> codes;
  std::string_view text = bank_codes_text();
  cut(text, '\n');
  while (!text.empty()) {
    std::string_view line = cut(text, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) codes.push_back(code_of(line));
  }
  return codes;
}

}  // namespace

const std::vector<BankCode>& bank_codes() {
  static const std::vector<BankCode> codes = all_codes();
  return codes;
}

std::optional<BankCode> bank_of_code(std::string_view code) {
  for (const BankCode& known : bank_codes()) {
    if (known.code == code) return known;
  }
  return std::nullopt;
}

}  // namespace paymentctl
