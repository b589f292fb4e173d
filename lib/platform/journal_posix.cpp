#ifndef _WIN32
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "platform/journal.hpp"
#include "platform/terminal.hpp"

namespace paymentctl {

bool errors_go_to_journal() {
  // "device:inode" of what systemd gave us; somebody may have redirected it since.
  const auto stream = environment_variable("JOURNAL_STREAM");
  struct stat facts {};
  if (!stream || ::fstat(STDERR_FILENO, &facts) != 0) return false;
  return *stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

}  // namespace paymentctl
#endif
