#pragma once

#include <string>
#include <string_view>

namespace paymentctl {

/// Text for an XML element, UTF-8 without control characters but tab and line end.
inline std::string xml_text(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        if (static_cast<unsigned char>(letter) >= ' ' || letter == '\t' || letter == '\n') {
          result += letter;
        }
    }
  }
  return result;
}

}  // namespace paymentctl
