#include "platform/name_list.hpp"

#include <algorithm>
#include <limits>

#include "model/error.hpp"

namespace paymentctl {

namespace {

constexpr char unknown_type = 'u';

}  // namespace

void NameList::push_back(std::string_view name, std::optional<FileType> type) {
  if (text_.size() >= std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ExitCode::software, "a folder holds more names than can be kept");
  }
  text_.push_back(type ? static_cast<char>(*type) : unknown_type);
  starts_.push_back(static_cast<std::uint32_t>(text_.size()));
  text_.append(name).push_back('\0');
}

std::optional<FileType> NameList::type(std::size_t index) const {
  const char type = text_[starts_[index] - 1];
  return type == unknown_type ? std::nullopt : std::optional(static_cast<FileType>(type));
}

void NameList::sort() {
  std::sort(starts_.begin(), starts_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return std::string_view(text_.data() + a) < std::string_view(text_.data() + b);
  });
}

}  // namespace paymentctl
