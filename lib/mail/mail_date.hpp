#pragma once

#include <optional>
#include <string_view>

#include "model/date.hpp"

namespace paymentctl {

/// The day that a date of RFC 5322 (3.3 and the obsolete 4.3) names in its own time zone; weekday,
/// time and zone may be missing, comments stand anywhere. A two-digit year is 1950 to 2049.
std::optional<Date> read_mail_date(std::string_view text);

}  // namespace paymentctl
