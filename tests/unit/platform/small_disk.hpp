#pragma once

#ifdef __linux__
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <sys/mount.h>

namespace paymentctl {

/// A small file system in memory, mounted while it lives. The tests need root for it: a full disk
/// and a read-only one cannot be had otherwise.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path folder, const char* size) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    const std::string options = std::string("mode=0700,size=") + size;
    if (::mount("tmpfs", folder_.c_str(), "tmpfs", 0, options.c_str()) != 0) {
      throw std::runtime_error(std::string("cannot mount a small disk: ") + std::strerror(errno));
    }
  }
  ~SmallDisk() { ::umount2(folder_.c_str(), MNT_DETACH); }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  void make_read_only() {
    if (::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
      throw std::runtime_error(std::string("cannot remount read-only: ") + std::strerror(errno));
    }
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace paymentctl
#endif
