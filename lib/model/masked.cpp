#include "model/masked.hpp"

#include <fmt/format.h>

#include "model/base64.hpp"

namespace paymentctl {

std::vector<std::string> traces_of_login(std::string_view name, std::string_view secret) {
  if (secret.empty()) return {};
  // The longer ones first: what is left of them would name the secret's place.
  return {base64(fmt::format("user={}\1auth=Bearer {}\1\1", name, secret)),
          base64(fmt::format("{}{}{}{}", '\0', name, '\0', secret)), base64(secret),
          std::string(secret)};
}

std::string masked(std::string text, const std::vector<std::string>& traces) {
  constexpr std::string_view mask = "***";
  for (const std::string& trace : traces) {
    if (trace.empty()) continue;
    for (std::size_t at = text.find(trace); at != std::string::npos;
         at = text.find(trace, at + mask.size())) {
      text.replace(at, trace.size(), mask);
    }
  }
  return text;
}

}  // namespace paymentctl
