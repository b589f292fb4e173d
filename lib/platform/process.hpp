#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace paymentctl {

struct ProgramResult {
  int exit_code = 0;   ///< 128 + signal for one that was killed
  std::string output;  ///< its standard output, at most `limit` bytes
  bool too_much = false;
  bool too_slow = false;  ///< it was ended
};

/// Runs a program without a shell, with nothing on standard input; standard error stays ours. The
/// first argument is the program, looked up in PATH. It gets our environment without the variables
/// of `withheld`. Error(config) when it cannot be started.
ProgramResult run_program(const std::vector<std::string>& arguments, std::size_t limit,
                          std::chrono::seconds longest,
                          const std::vector<std::string>& withheld = {});

std::int64_t own_process_id();

/// The file that this process runs, absolute. Error(io) where the system does not tell.
std::filesystem::path own_program();

/// The machine's name, "localhost" where it has none.
std::string host_name();

}  // namespace paymentctl
