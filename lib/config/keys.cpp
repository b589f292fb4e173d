#include "config/keys.hpp"

#include <algorithm>
#include <array>

#include "config/values.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_key = 64;

/// Optimal string alignment: insert, delete, replace, exchange neighbours, each counts 1.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, longest_key + 1>, 3> rows{};
  for (std::size_t column = 0; column <= b.size(); ++column) rows[0][column] = column;
  for (std::size_t row = 1; row <= a.size(); ++row) {
    auto& current = rows[row % 3];
    const auto& above = rows[(row + 2) % 3];
    const auto& before = rows[(row + 1) % 3];
    current[0] = row;
    for (std::size_t column = 1; column <= b.size(); ++column) {
      const std::size_t change = a[row - 1] == b[column - 1] ? 0 : 1;
      current[column] =
          std::min({above[column] + 1, current[column - 1] + 1, above[column - 1] + change});
      if (row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1]) {
        current[column] = std::min(current[column], before[column - 2] + 1);
      }
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

const std::vector<std::string_view>& known_keys() {
  static const std::vector<std::string_view> keys = {"rootPath",
                                                     "company",
                                                     "box",
                                                     "stopFrom",
                                                     "stopTo",
                                                     "pop3Url",
                                                     "pop3Name",
                                                     "pop3Password",
                                                     "pop3OAuth",
                                                     "pop3Tls",
                                                     "pop3CaFile",
                                                     "smtpServer",
                                                     "smtpTls",
                                                     "smtpCaFile",
                                                     "smtpName",
                                                     "smtpPassword",
                                                     "smtpOAuth",
                                                     "serverTimeout",
                                                     "errorFrom",
                                                     "errorTo",
                                                     "infoFrom",
                                                     "infoTo",
                                                     "infoCc",
                                                     "emlDir",
                                                     "archiveDir",
                                                     "ledger",
                                                     "ledgerPassword",
                                                     "maxMailSize",
                                                     "pollMinutes",
                                                     "language",
                                                     "ownAccounts",
                                                     "onlyOwnAccounts",
                                                     "ownParty",
                                                     "amountTolerance",
                                                     "formatsDir",
                                                     "trustedAuthserv",
                                                     "trustedForwarders",
                                                     "requireAuthentication",
                                                     "dnsServer"};
  return keys;
}

std::optional<std::string_view> nearest_key(std::string_view key) {
  if (key.size() > longest_key) return std::nullopt;
  const std::string lower = ascii::lower(key);
  std::optional<std::string_view> nearest;
  std::size_t distance = 3;
  for (const std::string_view known : known_keys()) {
    const std::size_t errors = edit_distance(lower, ascii::lower(known));
    const std::size_t allowed = std::min(known.size(), key.size()) <= 4 ? 1 : 2;
    if (errors <= allowed && errors < distance) {
      distance = errors;
      nearest = known;
    }
  }
  return nearest;
}

}  // namespace paymentctl
