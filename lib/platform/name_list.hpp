#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace paymentctl {

/// Many names in little memory: one text, and where in it each begins.
class NameList {
 public:
  /// Without NUL. Error(software) when all together exceed 4 GiB.
  void push_back(std::string_view name);
  void sort();  ///< by bytes

  [[nodiscard]] std::size_t size() const { return starts_.size(); }
  /// Until the next name is added.
  [[nodiscard]] std::string_view operator[](std::size_t index) const {
    return text_.data() + starts_[index];
  }

 private:
  std::string text_;  // each name ends with NUL
  std::vector<std::uint32_t> starts_;
};

}  // namespace paymentctl
