#include "platform/file_batch.hpp"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>

#include "platform/clock.hpp"
#include "platform/durable.hpp"
#include "platform/files.hpp"
#include "platform/system_error.hpp"

namespace paymentctl {
namespace {

// From so many files on, one flush of the whole file system is cheaper than one for each.
constexpr std::size_t flush_together_from = 8;

constexpr std::string_view suffix = ".part";

/// rename(2) that never replaces: the names are random, so a file that is there is not ours.
void rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
#ifdef __linux__
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  // Network file systems do not know the flag.
  if (errno != EINVAL && errno != ENOSYS) {
    throw_file_error(FileTask::create, "create", to, errno);
  }
#endif
  if (look_at(to)) throw_file_error(FileTask::create, "create", to, EEXIST);
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw_file_error(FileTask::create, "create", to, errno);
  }
}

void flush_contents(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  if (names.size() >= flush_together_from && flush_file_system(folder)) return;
  for (const std::string& name : names) {
    const std::filesystem::path path = folder / name;
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) throw_file_error(FileTask::create, "flush", path, errno);
    flush_file(file, path);
  }
}

}  // namespace

void make_durable(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  flush_contents(folder, names);
  flush_folder(folder);
}

struct FileBatch::Staged {
  std::string name;  ///< empty once it is committed or dropped
  std::filesystem::path temporary;
  Descriptor file;
};

FileBatch::FileBatch(std::filesystem::path folder) : folder_(std::move(folder)) {
  create_folders(folder_);
}

FileBatch::~FileBatch() {
  for (const Staged& staged : files_) {
    if (!staged.name.empty()) ::unlink(staged.temporary.c_str());
  }
}

std::string FileBatch::temporary_name(std::string_view name) {
  return "." + std::string(name) + std::string(suffix);
}

std::size_t FileBatch::open(std::string name) {
  Staged staged;
  staged.temporary = folder_ / temporary_name(name);
  staged.file =
      Descriptor(::open(staged.temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!staged.file.is_open()) {
    throw_file_error(FileTask::create, "create a file in", folder_, errno);
  }
  staged.name = std::move(name);
  files_.push_back(std::move(staged));
  return files_.size() - 1;
}

void FileBatch::append(std::size_t file, std::string_view bytes) {
  write_all(files_[file].file, bytes.data(), bytes.size(), folder_ / files_[file].name);
}

void FileBatch::close(std::size_t file) {
  if (files_[file].file.reset() != 0) {
    throw_file_error(FileTask::create, "write", folder_ / files_[file].name, errno);
  }
}

std::size_t FileBatch::add(std::string name, std::string_view bytes) {
  const std::size_t file = open(std::move(name));
  append(file, bytes);
  close(file);
  return file;
}

void FileBatch::drop(std::size_t file) {
  files_[file].file.reset();
  ::unlink(files_[file].temporary.c_str());
  files_[file].name.clear();
}

std::size_t FileBatch::size() const {
  std::size_t count = 0;
  for (const Staged& staged : files_) count += staged.name.empty() ? 0u : 1u;
  return count;
}

void FileBatch::commit() {
  std::vector<Staged*> closed;
  for (Staged& staged : files_) {
    if (!staged.name.empty() && !staged.file.is_open()) closed.push_back(&staged);
  }
  if (closed.empty()) return;
  std::vector<std::string> names;
  names.reserve(closed.size());
  for (const Staged* staged : closed) names.push_back(temporary_name(staged->name));
  flush_contents(folder_, names);
  for (Staged* staged : closed) {
    rename_to_new(staged->temporary, folder_ / staged->name);
    staged->name.clear();
  }
  flush_folder(folder_);
}

void FileBatch::sweep(const std::filesystem::path& folder) {
  const Timestamp yesterday = system_clock().now() - std::chrono::hours(24);
  for (const std::string& name : list_folder(folder)) {
    if (!name.starts_with('.') || !name.ends_with(suffix)) continue;
    const auto facts = look_at(folder / name);
    if (facts && facts->type == FileType::regular && facts->modified < yesterday) {
      remove_file(folder / name);
    }
  }
}

}  // namespace paymentctl
