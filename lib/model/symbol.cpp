#include "model/symbol.hpp"

#include <algorithm>

namespace paymentctl {

std::optional<Symbol> Symbol::parse(std::string_view text) {
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.empty() || text.size() > 10) return std::nullopt;
  return Symbol(std::string(text));
}

}  // namespace paymentctl
