#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace paymentctl {

/// Files of `folder` that stand there already, and their entries, reach the disk.
void make_durable(const std::filesystem::path& folder, const std::vector<std::string>& names);

/// Writes new files of one folder so that they survive a power cut, many under one flush: staged
/// under temporary names, flushed together, renamed, and the folder flushed. A flush costs 0.1 to
/// 5 ms, so a file of its own each time would be the slowest part of everything.
/// Errors as in files.hpp; after one the batch is lost, the files it staged are removed.
class FileBatch {
 public:
  /// The folder is created where missing (0700).
  explicit FileBatch(std::filesystem::path folder);
  ~FileBatch();
  FileBatch(const FileBatch&) = delete;
  FileBatch& operator=(const FileBatch&) = delete;

  /// A new file for its owner only (0600), ready to be filled; returns its index.
  std::size_t open(std::string name);
  void append(std::size_t file, std::string_view bytes);
  /// No more bytes will follow.
  void close(std::size_t file);
  /// open, append and close in one.
  std::size_t add(std::string name, std::string_view bytes);
  /// Takes a staged file back.
  void drop(std::size_t file);

  [[nodiscard]] std::size_t size() const;  ///< files staged and not dropped

  /// All closed files stand under their names and are durable when this returns. Those still open
  /// stay staged. A name that exists already is Error(cannot_create), and nothing is overwritten.
  void commit();

  /// What a staged file is called until it is committed: hidden, and not ending in ".eml".
  static std::string temporary_name(std::string_view name);
  /// Removes what a killed process left staged in `folder` more than a day ago.
  static void sweep(const std::filesystem::path& folder);

 private:
  struct Staged;
  std::filesystem::path folder_;
  std::vector<Staged> files_;
};

}  // namespace paymentctl
