#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace paymentctl {

/// A path from UTF-8, as every text of ours is, whatever the system's own encoding.
inline std::filesystem::path path_from_utf8(std::string_view text) {
  return {std::u8string(text.begin(), text.end())};
}

/// A path as UTF-8, for messages, JSON and the ledger; with the system's own separators.
inline std::string utf8_of(const std::filesystem::path& path) {
  const std::u8string text = path.u8string();
  return {text.begin(), text.end()};
}

}  // namespace paymentctl
