#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "model/ascii.hpp"

namespace paymentctl {

/// Whether `name` is `domain` or lies below it, at a label boundary: tbs.csob.cz is in csob.cz,
/// mojefio.cz is not in fio.cz. Letter case means nothing.
inline bool is_in_domain(std::string_view name, std::string_view domain) {
  if (domain.empty() || name.size() < domain.size()) return false;
  const std::size_t rest = name.size() - domain.size();
  return ascii::equal(name.substr(rest), domain) && (rest == 0 || name[rest - 1] == '.');
}

/// Alignment in the relaxed sense of DMARC (RFC 7489, 3.1), but by a list of the organisation's
/// domains instead of guesses at public suffixes.
inline bool is_aligned(std::string_view name, const std::vector<std::string>& domains) {
  return std::any_of(domains.begin(), domains.end(),
                     [name](const std::string& domain) { return is_in_domain(name, domain); });
}

/// What stands behind the last @; all of it where there is none.
inline std::string_view domain_of_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? address : address.substr(at + 1);
}

}  // namespace paymentctl
