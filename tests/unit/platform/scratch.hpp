#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "platform/access.hpp"
#include "platform/random.hpp"

namespace paymentctl {

/// A folder of its own for one test, gone afterwards.
class Scratch {
 public:
  Scratch() {
    // In memory where there is such a folder: thousands of flushes would make the tests crawl.
    const std::filesystem::path memory = "/dev/shm";
    const auto base =
        std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    path_ = base / ("paymentctl-" + random_uuid());
    std::filesystem::create_directory(path_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  operator const std::filesystem::path&() const { return path_; }  // NOLINT
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Whether nobody but the owner (and on Windows system and administrators) has a right to it.
inline bool is_for_owner_only(const std::filesystem::path& path) {
#ifdef _WIN32
  return !others_may_read(path);
#else
  using std::filesystem::perms;
  const perms rights = std::filesystem::status(path).permissions();
  return (rights & (perms::group_all | perms::others_all)) == perms::none;
#endif
}

inline void put(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace paymentctl
