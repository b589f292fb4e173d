// A box.xml from a stranger: settings that hold what they promise, or a refusal of one sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/box.hpp"
#include "config/secrets.hpp"
#include "model/error.hpp"
#include "model/visible.hpp"

using namespace paymentctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  static_cast<void>(command_words(xml));
  try {
    const Box box = box_from_xml(xml, "/box/box.xml");
    for (const auto& server : {box.pop3, box.smtp}) {
      if (server && (server->endpoint.port < 1 || server->endpoint.port > 65'535)) std::abort();
    }
    if (box.amount_tolerance.is_negative() || box.name.empty()) std::abort();
  } catch (const Error& error) {
    if (error.code() != ExitCode::config || !is_utf8(error.what())) std::abort();
  }
  return 0;
}
