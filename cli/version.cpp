#include "version.hpp"

#include <CLI/Version.hpp>
#include <curl/curl.h>
#include <expat.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <soci/version.h>
#include <spdlog/version.h>
#include <sqlite3.h>
#include <tinyxml2.h>
#include <utf8proc.h>
#include <zlib.h>

#include "commit.hpp"

namespace paymentctl::cli {

std::string version_text() {
  const curl_version_info_data* curl = curl_version_info(CURLVERSION_NOW);
  return fmt::format(
      "paymentctl {} ({})\n"
      "CLI11 {}, curl {} with {}, expat {}.{}.{}, fmt {}.{}.{}, nlohmann/json {}.{}.{}, "
      "SOCI {}.{}.{}, spdlog {}.{}.{}, SQLite {}, tinyxml2 {}.{}.{}, utf8proc {}, zlib {}",
      PAYMENTCTL_VERSION, PAYMENTCTL_COMMIT, CLI11_VERSION, curl->version,
      curl->ssl_version == nullptr ? "no TLS" : curl->ssl_version, XML_MAJOR_VERSION,
      XML_MINOR_VERSION, XML_MICRO_VERSION, FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
      FMT_VERSION % 100, NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
      NLOHMANN_JSON_VERSION_PATCH, SOCI_VERSION / 100000, SOCI_VERSION / 100 % 1000,
      SOCI_VERSION % 100, SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH,
      sqlite3_libversion(), TINYXML2_MAJOR_VERSION, TINYXML2_MINOR_VERSION, TINYXML2_PATCH_VERSION,
      utf8proc_version(), zlibVersion());
}

}  // namespace paymentctl::cli
