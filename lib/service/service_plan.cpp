#include "service/service_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/paths.hpp"

namespace paymentctl {

std::vector<std::string> ServicePlan::arguments(bool again_and_again) const {
  std::vector<std::string> words{"run"};
  for (const auto& box : boxes) {
    words.emplace_back("--config");
    words.push_back(utf8_of(box));
  }
  if (boxes.size() > 1) {
    words.emplace_back("--jobs");
    words.push_back(std::to_string(std::min<std::size_t>(boxes.size(), 4)));
  }
  if (again_and_again) {
    words.emplace_back(every_given ? fmt::format("--every={}s", every.count()) : "--every");
  }
  return words;
}

std::string service_mark() { return "Written by paymentctl install-service"; }

}  // namespace paymentctl
