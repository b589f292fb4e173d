#include <fmt/format.h>

#include "platform/paths.hpp"
#include "service/service_plan.hpp"
#include "service/xml_text.hpp"

namespace paymentctl {

std::string launchd_label(const std::string& name) { return "cz.paymentctl." + name; }

ServiceFile launchd_plist(const ServicePlan& plan, const std::filesystem::path& folder) {
  std::string body;
  const auto key = [&body](std::string_view name, std::string_view value) {
    body += fmt::format("  <key>{}</key>\n  {}\n", name, value);
  };
  const auto string = [](std::string_view text) {
    return fmt::format("<string>{}</string>", xml_text(text));
  };
  key("Label", string(launchd_label(plan.name)));
  std::string words = fmt::format("<array>\n    {}\n", string(utf8_of(plan.program)));
  for (const std::string& argument : plan.arguments(true)) {
    words += fmt::format("    {}\n", string(argument));
  }
  key("ProgramArguments", words + "  </array>");
  key("RunAtLoad", "<true/>");
  key("KeepAlive", "<dict>\n    <key>SuccessfulExit</key>\n    <false/>\n  </dict>");
  key("ThrottleInterval", "<integer>30</integer>");
  key("ExitTimeOut", "<integer>20</integer>");
  key("ProcessType", "<string>Background</string>");
  key("Umask", "<integer>63</integer>");
  if (!plan.user.empty() && !plan.personal) key("UserName", string(plan.user));
  // A run of years writes no endless file: launchd does not rotate, --log-file does.
  key("StandardOutPath", "<string>/dev/null</string>");
  return {folder / (launchd_label(plan.name) + ".plist"),
          fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- {} -->\n"
                      "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                      "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                      "<plist version=\"1.0\">\n<dict>\n{}</dict>\n</plist>\n",
                      service_mark(), body)};
}

}  // namespace paymentctl
