#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace paymentctl {

/// Who a From header says it is.
struct Sender {
  std::string address;  ///< addr-spec, domain in lower case; empty where there is none to be read
  std::string name;     ///< decoded display name
  /// Several addresses or a group: whose mail it is stands open.
  std::optional<std::string> refused;
};

/// Reads a From header (RFC 5322, 3.4) as lenient as mail programs write it and as strict as its
/// use needs: an address counts only outside quotes, comments and encoded words.
Sender read_sender(std::string_view from);

}  // namespace paymentctl
