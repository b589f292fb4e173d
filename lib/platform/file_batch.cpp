#include "platform/file_batch.hpp"

#include <cerrno>
#include <utility>

#include "platform/clock.hpp"
#include "platform/durable.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/system_error.hpp"
#include "platform/system_file.hpp"

namespace paymentctl {
namespace {

// From so many files on, one flush of the whole file system is cheaper than one for each.
constexpr std::size_t flush_together_from = 8;

constexpr std::string_view suffix = ".part";

/// Never replaces: the names are random, so a file that is there is not ours.
void rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (!system_file::rename_to_new(from, to)) {
    throw_file_error(FileTask::create, "create", to, errno);
  }
}

void flush_contents(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  if (names.size() >= flush_together_from && flush_file_system(folder)) return;
  for (const std::string& name : names) {
    const std::filesystem::path path = folder / path_from_utf8(name);
    if (!system_file::flush_file(path)) throw_file_error(FileTask::create, "flush", path, errno);
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
    if (!staged.name.empty()) system_file::remove(staged.temporary);
  }
}

std::string FileBatch::temporary_name(std::string_view name) {
  return "." + std::string(name) + std::string(suffix);
}

std::size_t FileBatch::open(std::string name) {
  Staged staged;
  staged.temporary = folder_ / path_from_utf8(temporary_name(name));
  staged.file = system_file::create(staged.temporary);
  if (!staged.file.is_open()) {
    throw_file_error(FileTask::create, "create a file in", folder_, errno);
  }
  staged.name = std::move(name);
  files_.push_back(std::move(staged));
  return files_.size() - 1;
}

void FileBatch::append(std::size_t file, std::string_view bytes) {
  write_all(files_[file].file, bytes.data(), bytes.size(),
            folder_ / path_from_utf8(files_[file].name));
}

void FileBatch::close(std::size_t file) {
  if (!files_[file].file.reset()) {
    throw_file_error(FileTask::create, "write", folder_ / path_from_utf8(files_[file].name), errno);
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
  system_file::remove(files_[file].temporary);
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
    rename_to_new(staged->temporary, folder_ / path_from_utf8(staged->name));
    staged->name.clear();
  }
  flush_folder(folder_);
}

void FileBatch::sweep(const std::filesystem::path& folder) {
  const Timestamp yesterday = system_clock().now() - std::chrono::hours(24);
  for (const std::string& name : list_folder(folder)) {
    if (!name.starts_with('.') || !name.ends_with(suffix)) continue;
    const std::filesystem::path path = folder / path_from_utf8(name);
    const auto facts = look_at(path);
    if (facts && facts->type == FileType::regular && facts->modified < yesterday) {
      remove_file(path);
    }
  }
}

}  // namespace paymentctl
