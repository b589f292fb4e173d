#pragma once

#include <string>

#include "run/box_status.hpp"

namespace paymentctl {

/// What `status` tells, in the text format of Prometheus (version 0.0.4), for the textfile
/// collectors of node_exporter and windows_exporter. Moments are seconds since 1970; what has not
/// been yet is left out.
std::string prometheus_text(const std::string& company, const std::string& box,
                            const BoxStatus& status);

}  // namespace paymentctl
