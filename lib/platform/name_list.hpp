#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paymentctl {

enum class FileType { regular, folder, link, other };

/// Many names in little memory: one text, and where in it each begins.
class NameList {
 public:
  /// A name without NUL, and what it is the name of where its folder tells. Error(software) when
  /// all together exceed 4 GiB.
  void push_back(std::string_view name, std::optional<FileType> type);
  void sort();  ///< by bytes

  [[nodiscard]] std::size_t size() const { return starts_.size(); }
  /// Until the next name is added.
  [[nodiscard]] std::string_view operator[](std::size_t index) const {
    return text_.data() + starts_[index];
  }
  [[nodiscard]] std::optional<FileType> type(std::size_t index) const;

 private:
  std::string text_;  // before each name a byte for its type, behind it NUL
  std::vector<std::uint32_t> starts_;
};

}  // namespace paymentctl
