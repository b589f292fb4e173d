#include "platform/process_lock.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "platform/durable.hpp"
#include "platform/files.hpp"
#include "platform/process.hpp"
#include "platform/system_error.hpp"
#include "platform/system_file.hpp"

namespace paymentctl {
namespace {

/// "4711 host 2026-08-24 07:30:01", as the holder wrote it; anything else leaves the pid at 0.
LockHolder read_holder(const Descriptor& file) {
  std::array<char, 512> buffer{};
  const std::ptrdiff_t got = system_file::read(file, buffer.data(), buffer.size());
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
  Descriptor opened = system_file::open_or_create(file);
  if (!opened.is_open()) throw_file_error(FileTask::create, "create the lock", file, errno);
  if (!system_file::lock(opened, system_file::Lock::exclusive)) {
    if (errno != EWOULDBLOCK) throw_file_error(FileTask::create, "lock", file, errno);
    throw Error(ExitCode::temporary,
                fmt::format("{} is held by {}; wait for it to end and run again", display(file),
                            described(read_holder(opened))));
  }
  const LocalTime now = clock.local(clock.now());
  const std::string text =
      fmt::format("{} {} {} {:02}:{:02}:{:02}\n", own_process_id(), host_name(), now.date.iso(),
                  now.hour, now.minute, now.second);
  if (!system_file::truncate(opened)) {
    throw_file_error(FileTask::create, "write the lock", file, errno);
  }
  write_all(opened, text.data(), text.size(), file);
  state_ = std::make_unique<State>(State{std::move(opened)});
}

ProcessLock::~ProcessLock() {
  // Left behind, the words of a dead holder would be taken for those of the next one, which has the
  // lock a moment before it has written its own.
  if (state_ && !system_file::truncate(state_->file)) state_.reset();
}

ProcessLock::ProcessLock(ProcessLock&& other) noexcept = default;

std::optional<LockHolder> ProcessLock::holder(const std::filesystem::path& file) {
  const Descriptor opened = system_file::open_to_read(file, system_file::Links::refuse);
  if (!opened.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    throw_file_error(FileTask::read, "look at the lock", file, errno);
  }
  // A shared lock for an instant: it disturbs nobody who asks the same, and a taker only if it
  // comes within this instant.
  if (system_file::lock(opened, system_file::Lock::shared)) return std::nullopt;
  if (errno != EWOULDBLOCK) throw_file_error(FileTask::read, "look at the lock", file, errno);
  return read_holder(opened);
}

}  // namespace paymentctl
