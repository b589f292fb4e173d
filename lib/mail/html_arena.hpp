#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace paymentctl {

/// Memory for one parsed document: pieces come and go without a call of the system's allocator, and
/// clear() drops them all at once. A parser that is written in C cannot be told that memory has run
/// out, hence noexcept: then the program ends, as it would by malloc's null. How much a document
/// can take is bounded by guard_html(). Not for several threads at once.
class HtmlArena {
 public:
  /// Aligned for anything.
  void* take(std::size_t size) noexcept;
  /// `piece` came from take() or is null.
  void give_back(void* piece) noexcept;
  /// All pieces are gone. What a usual mail needs is kept for the next one.
  void clear() noexcept;

 private:
  struct Head;
  static constexpr std::size_t size_classes = 64;

  Head* fresh(std::size_t size, std::size_t size_class) noexcept;

  std::array<Head*, size_classes> free_{};
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::size_t used_ = 0;  ///< of the last chunk
  std::size_t room_ = 0;  ///< its size
};

}  // namespace paymentctl
