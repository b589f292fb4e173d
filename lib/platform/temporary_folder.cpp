#include "platform/temporary_folder.hpp"

#include <string>
#include <system_error>

#include "model/error.hpp"
#include "platform/files.hpp"
#include "platform/random.hpp"

namespace paymentctl {
namespace {

std::filesystem::path make_folder(const char* purpose) {
  std::error_code none;
  const auto parent = std::filesystem::temp_directory_path(none);
  if (none) {
    throw Error(ExitCode::cannot_create,
                "the system names no folder for temporary files: " + none.message());
  }
  auto folder = parent / ("paymentctl-" + std::string(purpose) + "-" + random_uuid());
  create_folders(folder);
  return folder;
}

/// Somebody may still be writing into it.
void remove_folder(const std::filesystem::path& folder) {
  constexpr int most_tries = 100;
  std::error_code failed;
  for (int tries = 0; tries < most_tries; ++tries) {
    std::filesystem::remove_all(folder, failed);
    if (!std::filesystem::exists(folder, failed)) return;
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder(const char* purpose)
    : path_(make_folder(purpose)), before_end_([this] { remove_folder(path_); }) {}

TemporaryFolder::~TemporaryFolder() { remove_folder(path_); }

}  // namespace paymentctl
