#include "platform/process_lock.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/descriptor.hpp"
#include "platform/durable.hpp"
#include "platform/files.hpp"
#include "platform/system_error.hpp"

namespace paymentctl {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

/// "4711 host 2026-08-24 07:30:01", as the holder wrote it; anything else leaves the pid at 0.
LockHolder read_holder(const Descriptor& file) {
  std::array<char, 512> buffer{};
  const ssize_t got = ::pread(file.get(), buffer.data(), buffer.size(), 0);
  const std::string_view text(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  LockHolder holder;
  const std::size_t first = text.find(' ');
  if (first == std::string_view::npos) return holder;
  const std::size_t second = text.find(' ', first + 1);
  if (second == std::string_view::npos) return holder;
  std::from_chars(text.data(), text.data() + first, holder.pid);
  holder.host = std::string(text.substr(first + 1, second - first - 1));
  holder.since = std::string(text.substr(second + 1, text.find('\n') - second - 1));
  return holder;
}

std::string described(const LockHolder& holder) {
  if (holder.pid == 0) return "another process";
  return fmt::format("process {} on {}, since {}", holder.pid, holder.host, holder.since);
}

}  // namespace

struct ProcessLock::State {
  Descriptor file;
};

ProcessLock::ProcessLock(const std::filesystem::path& file, const Clock& clock) {
  if (file.has_parent_path()) create_folders(file.parent_path());
  Descriptor opened(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!opened.is_open()) throw_file_error(FileTask::create, "create the lock", file, errno);
  if (::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw_file_error(FileTask::create, "lock", file, errno);
    throw Error(ExitCode::temporary,
                fmt::format("{} is held by {}; wait for it to end and run again", display(file),
                            described(read_holder(opened))));
  }
  const LocalTime now = clock.local(clock.now());
  const std::string text = fmt::format("{} {} {} {:02}:{:02}:{:02}\n", ::getpid(), host_name(),
                                       now.date.iso(), now.hour, now.minute, now.second);
  if (::ftruncate(opened.get(), 0) != 0) {
    throw_file_error(FileTask::create, "write the lock", file, errno);
  }
  write_all(opened, text.data(), text.size(), file);
  state_ = std::make_unique<State>(State{std::move(opened)});
}

ProcessLock::~ProcessLock() {
  // Left behind, the words of a dead holder would be taken for those of the next one, which has the
  // lock a moment before it has written its own.
  if (state_ && ::ftruncate(state_->file.get(), 0) != 0) state_.reset();
}

ProcessLock::ProcessLock(ProcessLock&& other) noexcept = default;

std::optional<LockHolder> ProcessLock::holder(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!opened.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    throw_file_error(FileTask::read, "look at the lock", file, errno);
  }
  // A shared lock for an instant: it disturbs nobody who asks the same, and a taker only if it
  // comes within this instant.
  if (::flock(opened.get(), LOCK_SH | LOCK_NB) == 0) return std::nullopt;
  if (errno != EWOULDBLOCK) throw_file_error(FileTask::read, "look at the lock", file, errno);
  return read_holder(opened);
}

}  // namespace paymentctl
