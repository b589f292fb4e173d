#include "platform/name_list.hpp"

#include <algorithm>
#include <limits>

#include "model/error.hpp"

namespace paymentctl {

void NameList::push_back(std::string_view name) {
  if (text_.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ExitCode::software, "a folder holds more names than can be kept");
  }
  starts_.push_back(static_cast<std::uint32_t>(text_.size()));
  text_.append(name).push_back('\0');
}

void NameList::sort() {
  std::sort(starts_.begin(), starts_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return std::string_view(text_.data() + a) < std::string_view(text_.data() + b);
  });
}

}  // namespace paymentctl
