#pragma once

#include <filesystem>
#include <string_view>

#include "model/error.hpp"

namespace paymentctl {

/// What was tried when the system said no: it decides the exit code.
enum class FileTask { read, create, remove };

/// Throws the Error for `errno` = `number`: "cannot WHAT PATH: why; what to do".
[[noreturn]] void throw_file_error(FileTask task, std::string_view what,
                                   const std::filesystem::path& path, int number);

}  // namespace paymentctl
