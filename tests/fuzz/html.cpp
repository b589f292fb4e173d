// HTML to text on any bytes: what the guard lets through becomes clean text, soon.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mail/charset.hpp"
#include "mail/html_guard.hpp"
#include "mail/html_text.hpp"

using namespace paymentctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  if (!is_utf8(html) || html.find('\0') != std::string_view::npos) return 0;
  const GuardedHtml guarded = guard_html(html, {});
  if (guarded.trap) return 0;
  const std::string text = html_to_text(html);
  if (!is_utf8(text)) std::abort();
  if (text.find('\0') != std::string::npos || text.find('\r') != std::string::npos) std::abort();
  if (html_to_text(guarded.html, guarded.runs) != text) std::abort();
  return 0;
}
