#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace paymentctl {

/// One `<add key="…" value="…"/>`, as it stands in the file.
struct Setting {
  std::string key;
  std::string value;
  int line = 0;
};

struct Settings {
  std::vector<Setting> all;           ///< in the order of the file
  std::vector<std::string> warnings;  ///< about elements that mean nothing here
};

/// Reads `<configuration><appSettings><add key= value=/>…`. Valid UTF-8 (a byte order mark is fine)
/// of at most 1 MB. Not XML, a DOCTYPE, another root, an `add` without key or value, a key twice:
/// Error(config) with the line; the file's name is the caller's to add.
Settings settings_from_xml(std::string_view xml);

}  // namespace paymentctl
