#include <fmt/format.h>

#include "model/error.hpp"
#include "platform/paths.hpp"
#include "service/service_plan.hpp"

namespace paymentctl {
namespace {

/// When: cron knows minutes and hours that divide the next larger one.
std::string times(std::chrono::seconds every) {
  const auto seconds = every.count();
  const auto minutes = seconds / 60;
  if (seconds % 60 == 0 && minutes > 0) {
    if (minutes == 1) return "* * * * *";
    if (minutes < 60 && 60 % minutes == 0) return fmt::format("*/{} * * * *", minutes);
    if (minutes == 60) return "0 * * * *";
    if (minutes % 60 == 0 && minutes < 1440 && 1440 % minutes == 0) {
      return fmt::format("0 */{} * * *", minutes / 60);
    }
    if (minutes == 1440) return "0 6 * * *";
  }
  throw Error(ExitCode::usage,
              fmt::format("cron cannot start something every {} seconds; choose minutes or hours "
                          "that divide an hour or a day, such as --every 10m",
                          seconds));
}

/// A word of the shell, and % is cron's line end.
std::string word(const std::string& text) {
  const bool plain = text.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._=-") ==
                     std::string::npos;
  if (plain) return text;
  std::string result = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      result += "'\\''";
    } else if (letter == '%') {
      result += "'\\%'";
    } else {
      result += letter;
    }
  }
  return result + "'";
}

}  // namespace

ServiceFile cron_file(const ServicePlan& plan, const std::filesystem::path& folder) {
  std::string command = word(utf8_of(plan.program));
  for (const std::string& argument : plan.arguments(false)) command += " " + word(argument);
  // What it says of errors, cron sends by mail.
  const std::string user =
      plan.personal ? "" : (plan.user.empty() ? std::string("root") : plan.user) + " ";
  return {folder / plan.name,
          fmt::format("# {}\n# {}\n# {}\n{} {}{} --quiet >/dev/null\n", service_mark(),
                      plan.description,
                      plan.personal ? "For `crontab -e`."
                                    : "For a file in /etc/cron.d; `crontab -e` has no column for "
                                      "the user, see --user.",
                      times(plan.every), user, command)};
}

}  // namespace paymentctl
