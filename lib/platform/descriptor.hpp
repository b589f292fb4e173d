#pragma once

#include <cstdint>
#include <utility>

namespace paymentctl {

/// An open file as the system knows it, closed at the end: a descriptor of POSIX, a handle of
/// Windows. Only for the implementation files of platform/.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(std::intptr_t number) : number_(number) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] std::intptr_t get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ != -1; }
  /// False when the system tells of a failed write only now.
  bool reset() { return !is_open() || close(std::exchange(number_, -1)); }

 private:
  static bool close(std::intptr_t number);

  std::intptr_t number_ = -1;
};

}  // namespace paymentctl
