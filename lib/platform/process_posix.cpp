#ifndef _WIN32
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#include "model/error.hpp"
#include "platform/process.hpp"

extern char** environ;  // NOLINT: POSIX gives it no header

namespace paymentctl {
namespace {

[[noreturn]] void cannot_start(const std::string& program, int number) {
  throw Error(ExitCode::config, "cannot start " + program + ": " +
                                    std::generic_category().message(number) +
                                    "; name a program that this user may run");
}

class FileActions {
 public:
  FileActions(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A program is started without the signals that we may hold back.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// What the program prints until it closes its output, the time is over or `limit` is reached.
void read_output(int from, std::size_t limit, std::chrono::steady_clock::time_point end,
                 ProgramResult& result) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd waiting{from, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      result.too_slow = true;
      return;
    }
    const ssize_t size = ::read(from, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    result.output.append(buffer.data(), static_cast<std::size_t>(size));
    if (result.output.size() > limit) {
      result.output.resize(limit);
      result.too_much = true;
      return;
    }
  }
}

/// Our environment without `withheld`; the pointers go into the system's own texts.
std::vector<char*> environment_without(const std::vector<std::string>& withheld) {
  std::vector<char*> kept;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    if (std::find(withheld.begin(), withheld.end(), name) == withheld.end()) kept.push_back(*entry);
  }
  kept.push_back(nullptr);
  return kept;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, std::size_t limit,
                          std::chrono::seconds longest, const std::vector<std::string>& withheld) {
  if (arguments.empty()) throw Error(ExitCode::config, "there is no program to start");
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) cannot_start(arguments[0], errno);
  std::vector<char*> values;
  std::vector<std::string> copies = arguments;
  for (std::string& copy : copies) values.push_back(copy.data());
  values.push_back(nullptr);
  const std::vector<char*> environment = environment_without(withheld);
  pid_t child = 0;
  const FileActions actions(ends[1]);
  const Attributes attributes;
  const int failed = ::posix_spawnp(&child, values[0], actions.get(), attributes.get(),
                                    values.data(), environment.data());
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    cannot_start(arguments[0], failed);
  }
  ProgramResult result;
  read_output(ends[0], limit, std::chrono::steady_clock::now() + longest, result);
  ::close(ends[0]);
  if (result.too_slow || result.too_much) ::kill(child, SIGKILL);
  result.exit_code = wait_for(child);
  return result;
}

std::filesystem::path own_program() {
#ifdef __APPLE__
  std::vector<char> name(4096);
  auto size = static_cast<std::uint32_t>(name.size());
  if (::_NSGetExecutablePath(name.data(), &size) == 0) {
    return std::filesystem::canonical(name.data());
  }
#else
  std::error_code failed;
  auto path = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (!failed) return path;
#endif
  throw Error(ExitCode::io, "the system does not say where the program lies; is /proc mounted?");
}

std::int64_t own_process_id() { return ::getpid(); }

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

}  // namespace paymentctl
#endif
