#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace paymentctl {

/// Every key of box.xml, in the order of the interface.
const std::vector<std::string_view>& known_keys();

/// The known key that `key` looks like: letters exchanged, left out, added or in another case; at
/// most 2 such errors, 1 in a key of up to 4 letters. nullopt where there is none.
std::optional<std::string_view> nearest_key(std::string_view key);

}  // namespace paymentctl
