#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "fakes.hpp"
#include "fetch/eml_dir.hpp"
#include "platform/files.hpp"

namespace paymentctl {

inline std::string mail(int number) {
  return "Message-ID: <" + std::to_string(number) + "@example.com>\r\n\r\nbody " +
         std::to_string(number) + "\r\n";
}

struct EmlBench : FetchBench {
  std::filesystem::path folder = scratch / "eml";
  EmlBench() { std::filesystem::create_directory(folder); }

  /// A file that was last changed so long before the clock's time.
  void put_mail(const std::string& name, std::string_view bytes,
                std::chrono::seconds age = std::chrono::hours(1)) {
    put(folder / name, bytes);
    const auto moment = std::chrono::file_clock::from_sys(clock.moment - age);
    std::filesystem::last_write_time(
        folder / name,
        std::chrono::time_point_cast<std::filesystem::file_time_type::duration>(moment));
  }
  [[nodiscard]] std::vector<std::string> left() const { return list_folder(folder); }
};

}  // namespace paymentctl
