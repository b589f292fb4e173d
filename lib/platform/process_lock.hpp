#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "platform/clock.hpp"

namespace paymentctl {

/// Who holds a lock, as it wrote it down itself.
struct LockHolder {
  std::int64_t pid = 0;
  std::string host;
  std::string since;  ///< "2026-08-24 07:30:01", local time of the holder
};

/// A lock between processes that ends with its process, however that ends. The file stays behind,
/// empty; its presence means nothing.
class ProcessLock {
 public:
  /// Held by somebody else: Error(temporary) that says by whom and since when.
  ProcessLock(const std::filesystem::path& file, const Clock& clock);
  ~ProcessLock();
  ProcessLock(ProcessLock&& other) noexcept;
  ProcessLock& operator=(ProcessLock&&) = delete;
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;

  /// Nobody holds it: nullopt. Takes nothing, changes nothing.
  static std::optional<LockHolder> holder(const std::filesystem::path& file);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace paymentctl
