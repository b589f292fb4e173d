#ifdef _WIN32
#include <windows.h>

#include "platform/wide.hpp"

namespace paymentctl {

std::wstring widen(std::string_view text) {
  const int length = static_cast<int>(text.size());
  std::wstring wide;
  wide.resize(
      static_cast<std::size_t>(::MultiByteToWideChar(CP_UTF8, 0, text.data(), length, nullptr, 0)));
  ::MultiByteToWideChar(CP_UTF8, 0, text.data(), length, wide.data(),
                        static_cast<int>(wide.size()));
  return wide;
}

std::string narrow(std::wstring_view wide) {
  const int length = static_cast<int>(wide.size());
  std::string text;
  text.resize(static_cast<std::size_t>(
      ::WideCharToMultiByte(CP_UTF8, 0, wide.data(), length, nullptr, 0, nullptr, nullptr)));
  ::WideCharToMultiByte(CP_UTF8, 0, wide.data(), length, text.data(), static_cast<int>(text.size()),
                        nullptr, nullptr);
  return text;
}

}  // namespace paymentctl
#endif
