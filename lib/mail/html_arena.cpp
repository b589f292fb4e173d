#include "mail/html_arena.hpp"

#include <algorithm>
#include <bit>
#include <new>

namespace paymentctl {
namespace {

/// Enough for a bank's mail.
constexpr std::size_t first_chunk = 256u << 10;
constexpr std::size_t step = alignof(std::max_align_t);
/// Sizes up to here have a class each, larger ones share one between powers of two.
constexpr std::size_t fine_classes = 32;

std::size_t class_of(std::size_t size) {
  const std::size_t steps = (size + step - 1) / step;
  if (steps < fine_classes) return steps;
  return fine_classes + static_cast<std::size_t>(std::bit_width((steps - 1) / fine_classes));
}

std::size_t bytes_of(std::size_t size_class) {
  if (size_class < fine_classes) return size_class * step;
  return (fine_classes * step) << (size_class - fine_classes);
}

}  // namespace

/// Stands before each piece; in a free one its memory leads to the next.
struct alignas(std::max_align_t) HtmlArena::Head {
  std::size_t size_class = 0;
  Head* next = nullptr;
};

void* HtmlArena::take(std::size_t size) noexcept {
  const std::size_t size_class = class_of(size);
  Head* head = free_[size_class];
  if (head != nullptr) {
    free_[size_class] = head->next;
  } else {
    head = fresh(sizeof(Head) + bytes_of(size_class), size_class);
  }
  return head + 1;
}

void HtmlArena::give_back(void* piece) noexcept {
  if (piece == nullptr) return;
  Head* const head = static_cast<Head*>(piece) - 1;
  head->next = free_[head->size_class];
  free_[head->size_class] = head;
}

HtmlArena::Head* HtmlArena::fresh(std::size_t size, std::size_t size_class) noexcept {
  while (room_ - used_ < size) {
    room_ = chunks_.empty() ? first_chunk : std::max(2 * room_, size);
    chunks_.push_back(std::unique_ptr<std::byte[]>(new std::byte[room_]));
    used_ = 0;
  }
  void* const place = chunks_.back().get() + used_;
  used_ += size;
  return ::new (place) Head{size_class, nullptr};
}

void HtmlArena::clear() noexcept {
  free_.fill(nullptr);
  used_ = 0;
  if (chunks_.empty()) return;
  chunks_.resize(1);
  room_ = first_chunk;
}

}  // namespace paymentctl
