// tests/windows kills a holder on Windows.
#ifndef _WIN32
#include <array>

#include <catch2/catch.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/error.hpp"
#include "platform/process_lock.hpp"
#include "scratch.hpp"

using namespace paymentctl;
using Catch::Matchers::Contains;

namespace {

/// Another process that holds the lock until it is killed.
class Holder {
 public:
  explicit Holder(const std::filesystem::path& file) {
    std::array<int, 2> ready{};
    REQUIRE(::pipe(ready.data()) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      const ProcessLock lock(file, system_clock());
      if (::write(ready[1], "x", 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~Holder() { kill(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("a lock held by another process is refused with who holds it, and free when that dies") {
  const Scratch scratch;
  const auto file = scratch / "folder/mailbox.lock";
  Holder other(file);
  const auto holder = ProcessLock::holder(file);
  REQUIRE(holder);
  CHECK(holder->pid == other.pid());
  CHECK_FALSE(holder->host.empty());
  CHECK(holder->since.size() == std::string("2026-08-24 07:30:01").size());
  try {
    const ProcessLock lock(file, system_clock());
    FAIL("taken twice");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::temporary);
    CHECK_THAT(error.what(), Contains(std::to_string(other.pid())) && Contains("mailbox.lock"));
  }
  other.kill();
  CHECK_FALSE(ProcessLock::holder(file));
  CHECK_NOTHROW(ProcessLock(file, system_clock()));
}
#endif
