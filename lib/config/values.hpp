#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/box.hpp"

namespace paymentctl {

// The values that box.xml can hold, each as text without blanks around it. What does not fit is
// nullopt; the caller names key, value and what is wanted.

std::optional<bool> boolean_from(std::string_view text);  ///< true, false; any case
std::optional<int> minutes_from(std::string_view text);   ///< "06:00", "6:00": 0 to 1439
std::optional<int> whole_number_from(std::string_view text, int smallest, int largest);
/// "25 MB", "800 kB", "1 GB", "26214400": bytes, multiples of 1024, 1 KB to 1 GB.
std::optional<std::uint64_t> size_from(std::string_view text);
/// "90s", "10m", "1h": 1 second to 7 days.
std::optional<std::chrono::seconds> interval_from(std::string_view text);
/// "server", "server:995", "192.0.2.1:110", "[2001:db8::1]:995", "2001:db8::1".
std::optional<Endpoint> endpoint_from(std::string_view text, int default_port);
/// One addr-spec in ASCII: "finance@firma.cz".
bool is_mail_address(std::string_view text);
/// Parts between commas (and semicolons where `semicolons`), trimmed, empty ones dropped.
std::vector<std::string_view> list_from(std::string_view text, bool semicolons);
/// "NUMBER/BANK" or "NUMBER/BANK:EUR".
std::optional<OwnAccount> own_account_from(std::string_view text);
/// "weak, fio:off, rb:weak"; the general value at most once, each bank at most once.
std::optional<AuthenticationRule> authentication_from(std::string_view text);
/// `env:NAME`, `file:PATH` (relative to `folder`), `command:PROGRAM ARGS`; anything else is the
/// secret itself. nullopt where nothing follows the colon, or the path is none of this system.
std::optional<SecretSource> secret_from(std::string_view key, std::string_view text,
                                        const std::filesystem::path& folder);

}  // namespace paymentctl
