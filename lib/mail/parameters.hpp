#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace paymentctl {

/// A header such as Content-Type: a value and its parameters (RFC 2045, 5.1).
struct ParameterField {
  std::string value;  ///< in lower case, without comments
  /// Names in lower case. Segments and percent signs of RFC 2231 are resolved, values are as bytes
  /// in the order in which they stand, the first of a name counting.
  std::vector<std::pair<std::string, std::string>> parameters;

  /// Empty where there is none.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

/// Never fails: what cannot be understood is left out. `field` may be folded.
ParameterField read_parameters(std::string_view field);

}  // namespace paymentctl
