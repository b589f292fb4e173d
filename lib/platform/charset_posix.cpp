#ifndef _WIN32

#include <array>
#include <cerrno>

#include <iconv.h>

#include "platform/charset_system.hpp"

namespace paymentctl {
namespace {

class Converter {
 public:
  explicit Converter(const std::string& name) : handle_(iconv_open("UTF-8", name.c_str())) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (is_known()) iconv_close(handle_);
  }

  [[nodiscard]] bool is_known() const { return handle_ != none(); }

  std::optional<std::string> convert(std::string_view bytes) {
    std::string result;
    std::array<char, 4096> room{};
    // iconv takes a pointer to bytes that it does not change.
    char* in = const_cast<char*>(bytes.data());
    std::size_t left = bytes.size();
    while (left > 0) {
      char* out = room.data();
      std::size_t free = room.size();
      const std::size_t status = iconv(handle_, &in, &left, &out, &free);
      const bool is_full = status == static_cast<std::size_t>(-1) && errno == E2BIG;
      if (status == static_cast<std::size_t>(-1) && !is_full) return std::nullopt;
      result.append(room.data(), room.size() - free);
    }
    return result;
  }

 private:
  // The standard's own spelling of "no converter".
  static iconv_t none() { return reinterpret_cast<iconv_t>(-1); }
  iconv_t handle_;
};

}  // namespace

std::optional<std::string> convert_by_system(std::string_view bytes, const std::string& name) {
  Converter converter(name);
  if (!converter.is_known()) return std::nullopt;
  return converter.convert(bytes);
}

}  // namespace paymentctl

#endif
