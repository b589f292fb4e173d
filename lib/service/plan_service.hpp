#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/box.hpp"
#include "service/service_plan.hpp"

namespace paymentctl {

/// What a person asks for.
struct ServiceWish {
  std::string name = "paymentctl";
  std::optional<std::chrono::seconds> every;
  bool timer = false;
  bool personal = false;
  std::string user;  ///< "virtual": of a Windows service its own account, NT SERVICE\NAME
};

/// The service for these boxes: folders to write into and secrets come out of their settings.
/// Without a user it is that of systemd's own making where everything the boxes write lies below
/// /var/lib/NAME and everybody may read their settings, else the owner of the first box.xml.
/// Error(usage) for a name or a wish that the kind does not know.
ServicePlan plan_service(const std::vector<Box>& boxes, const ServiceWish& wish, ServiceKind kind,
                         const std::filesystem::path& program);

/// Why the service could not work although the settings are right for whoever installs it: rights
/// that its user lacks, secrets that it does not get. One sentence each.
std::vector<std::string> obstacles_of(const ServicePlan& plan, const std::vector<Box>& boxes);

}  // namespace paymentctl
