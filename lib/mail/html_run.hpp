#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace paymentctl {

/// A character that stands for a run of text while gumbo reads the document: of the private use
/// area from U+E000 on, whose UTF-8 begins with one and the same byte.
inline constexpr char run_lead = '\xee';
inline constexpr std::size_t most_runs = 0x1000;

inline constexpr std::size_t run_sign_size = 3;

inline std::string run_sign(std::size_t index) {
  return {run_lead, static_cast<char>(0x80 | (index >> 6)), static_cast<char>(0x80 | (index & 63))};
}

/// Of a sign at the start of `text`.
inline std::size_t run_index(std::string_view text) {
  return (static_cast<std::size_t>(text[1] & 63) << 6) | static_cast<std::size_t>(text[2] & 63);
}

}  // namespace paymentctl
