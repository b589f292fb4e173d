#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mail/charset.hpp"
#include "mail/message.hpp"

namespace {

void require_clean(std::string_view text) {
  const bool is_clean = paymentctl::is_utf8(text) && text.find('\0') == std::string_view::npos;
  if (!is_clean) std::abort();
}

}  // namespace

/// Any bytes as a mail: what comes out is UTF-8 without NUL, as the ledger demands.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const paymentctl::Message message =
      paymentctl::decode_mail({reinterpret_cast<const char*>(data), size});
  require_clean(message.message_id);
  require_clean(message.from_address);
  require_clean(message.from_name);
  require_clean(message.subject);
  require_clean(message.refused.value_or(""));
  for (const auto& body : message.bodies) {
    require_clean(body.text);
    if (body.text.find('\r') != std::string_view::npos) std::abort();
  }
  for (const auto& name : message.attachments) require_clean(name);
  return 0;
}
