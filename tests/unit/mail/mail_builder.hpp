#pragma once

#include <string>
#include <string_view>

#include "mail/message.hpp"

namespace paymentctl::tests {

/// A mail with a harmless sender and these further header lines (each ended by "\n").
inline std::string mail(std::string_view headers, std::string_view body) {
  return "From: Banka <avizo@banka.test>\nSubject: Pohyb\n" + std::string(headers) + "\n" +
         std::string(body);
}

/// One part of a multipart: its header lines, an empty line, its body.
inline std::string part(std::string_view headers, std::string_view body) {
  return std::string(headers) + "\n" + std::string(body);
}

template <typename... Parts>
std::string multipart(std::string_view type, std::string_view boundary, const Parts&... parts) {
  const std::string line = "\n--" + std::string(boundary);
  std::string body;
  ((body += line + "\n" + parts), ...);
  return "Content-Type: multipart/" + std::string(type) + "; boundary=\"" + std::string(boundary) +
         "\"\n" + body + line + "--\n";
}

/// `text` with every line end as CRLF.
inline std::string crlf(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result.push_back('\r');
    result.push_back(c);
  }
  return result;
}

/// The texts of a mail, one behind the other, apart by "|"; or why it is refused.
inline std::string text_of(std::string_view raw) {
  const Message message = decode_mail(raw);
  if (message.refused) return "refused: " + *message.refused;
  std::string result;
  for (const Body& body : message.bodies) {
    if (!result.empty()) result += "|";
    result += body.text;
  }
  return result;
}

/// The same without the header lines around: what an HTML part reads as.
inline std::string html(std::string_view document) {
  return text_of(mail("Content-Type: text/html; charset=utf-8\n", document));
}

inline std::string repeated(std::string_view text, std::size_t times) {
  const std::size_t size = text.size() * times;
  std::string result(text);
  result.reserve(size);
  while (result.size() < size) result.append(result, 0, size - result.size());
  return result;
}

}  // namespace paymentctl::tests
