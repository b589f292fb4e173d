#pragma once

#include <optional>
#include <string_view>

#include "parse/reading.hpp"

namespace paymentctl {

/// A label of the layout in the text.
struct LabelHit {
  int line = 0;
  int label = 0;
  std::size_t begin = 0;
  std::size_t value = 0;  ///< where the value begins
  std::size_t stop = 0;   ///< where the line ends that the label stands in
};

/// The longest label or footer at `at`. Only what ends before `stop` counts; flattened: `at` may be
/// anywhere in a line.
std::optional<LabelHit> hit_at(std::string_view text, const Layout& layout, std::size_t at,
                               std::size_t stop, bool flattened);

/// False where no label of the line is in the region for sure.
bool label_may_be_in(const FoldedText& text, Region region, const LineSpec& line);

}  // namespace paymentctl
