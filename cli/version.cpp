#include "version.hpp"

#include <CLI/Version.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/version.h>
#include <sqlite3.h>

namespace paymentctl::cli {

std::string version_text() {
  return fmt::format(
      "paymentctl {}\nCLI11 {}, fmt {}.{}.{}, nlohmann/json {}.{}.{}, spdlog {}.{}.{}, SQLite {}",
      PAYMENTCTL_VERSION, CLI11_VERSION, FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
      FMT_VERSION % 100, NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
      NLOHMANN_JSON_VERSION_PATCH, SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH,
      sqlite3_libversion());
}

}  // namespace paymentctl::cli
