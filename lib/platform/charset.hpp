#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace paymentctl {

/// `bytes` in the charset `name` as UTF-8, by the system's converter; nullopt where it does not
/// know the name or the bytes are not allowed in it. The name comes from mail: only letters, digits
/// and
/// `-_.:` and only families that mail programs send are passed on, since converters for exotic
/// charsets have had more faults than users.
std::optional<std::string> convert_to_utf8(std::string_view bytes, std::string_view name);

}  // namespace paymentctl
