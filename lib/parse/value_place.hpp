#pragma once

#include <string_view>

#include "parse/labels.hpp"

namespace paymentctl {

/// Where the value of a label stands: behind it, or where nothing stands there in the very next
/// line; a text of several lines and a flattened one go on up to `stop`, where something else
/// begins. Without the blanks and the layout's separator around it; empty where there is none.
Region value_place(std::string_view text, const Layout& layout, const LabelHit& hit,
                   std::size_t stop, bool flattened);

}  // namespace paymentctl
