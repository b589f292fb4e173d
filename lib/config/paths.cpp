#include "config/paths.hpp"

#include <algorithm>

#include "platform/paths.hpp"

namespace paymentctl {
namespace {

bool is_windows_place(std::string_view value) {
  const auto is_letter = [](char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
  };
  return value.starts_with("\\\\") || (value.size() >= 2 && is_letter(value[0]) && value[1] == ':');
}

}  // namespace

std::optional<std::filesystem::path> path_from_setting(std::string_view value,
                                                       const std::filesystem::path& folder) {
  if (value.empty() || value.find('\0') != value.npos) return std::nullopt;
  std::string text(value);
#ifndef _WIN32
  if (is_windows_place(value)) return std::nullopt;
  std::replace(text.begin(), text.end(), '\\', '/');
#else
  (void)is_windows_place;
#endif
  return (folder / path_from_utf8(text)).lexically_normal();
}

}  // namespace paymentctl
