#pragma once

#include <filesystem>

#include "platform/before_end.hpp"

namespace paymentctl {

/// A folder of our own where the system keeps temporary files, for its owner only (0700). It goes
/// with all that is in it, also when the program is asked to end (before_end.hpp).
class TemporaryFolder {
 public:
  /// `purpose` is part of its name. Error(cannot_create) where none can be made.
  explicit TemporaryFolder(const char* purpose);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  BeforeEnd before_end_;
};

}  // namespace paymentctl
