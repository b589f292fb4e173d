#include "platform/access.hpp"

#include <system_error>

namespace paymentctl {

std::filesystem::path nearest_folder(std::filesystem::path folder) {
  std::error_code ignored;
  while (!std::filesystem::exists(folder, ignored) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

}  // namespace paymentctl
