// An SMTP server that says anything: lines that begin with '>' are what we say, the others what it
// answers. A mail counts as sent only when the answer to its whole text was one of success.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "model/visible.hpp"
#include "notify/smtp_dialogue.hpp"

using namespace paymentctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  SmtpDialogue dialogue(data[0] % 2 == 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    if (line.front() == '>') {
      dialogue.command(line.substr(1, line.find_first_of("\r\n") - 1));
    } else if (!dialogue.reply(line)) {
      break;
    }
  }
  const SendResult result = dialogue.result("nobody answers");
  if (result.status == SendStatus::sent && (!dialogue.accepted() || dialogue.flooded()))
    std::abort();
  if (result.status != SendStatus::sent && result.error.empty()) std::abort();
  if (result.error.find_first_of("\r\n") != std::string::npos) std::abort();
  return 0;
}
