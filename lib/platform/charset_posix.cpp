#ifndef _WIN32

#include <algorithm>
#include <array>
#include <cerrno>

#include <iconv.h>

#include "platform/charset.hpp"

namespace paymentctl {
namespace {

constexpr std::array<std::string_view, 14> families = {
    "iso-8859-", "windows-12", "cp12", "cp4", "cp8",  "ibm",    "koi8-",
    "mac",       "utf-16",     "gb",   "big", "euc-", "shift_", "tis-"};

bool is_offered(const std::string& name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == ':';
  };
  return name.size() <= 40 && std::all_of(name.begin(), name.end(), is_plain) &&
         std::any_of(families.begin(), families.end(),
                     [&](std::string_view family) { return name.rfind(family, 0) == 0; });
}

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

std::optional<std::string> convert_to_utf8(std::string_view bytes, std::string_view name) {
  std::string small(name);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (!is_offered(small)) return std::nullopt;
  Converter converter(small);
  if (!converter.is_known()) return std::nullopt;
  return converter.convert(bytes);
}

}  // namespace paymentctl

#endif
