#include "mail/authentication_results.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

/// Any bytes as the value of an Authentication-Results header, and as the headers of a mail. What
/// is believed must be readable, and must prove nothing for a domain that is not named in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace paymentctl;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string id = "mx.firma.cz";
  if (const auto results = read_authentication_results(text)) {
    if (authserv_id_of(text) != results->authserv_id) std::abort();
    const ResultsVerdict verdict = judge_results(*results, {"rb.cz"});
    if (verdict.level >= ProofLevel::weak && verdict.method.empty()) std::abort();
    if (judge_results(*results, {}).level > ProofLevel::failed) std::abort();
  }
  const MimeStructure mail = take_apart(text, {});
  const HeaderField* const trusted = find_trusted_results(mail.headers, id);
  if (trusted != nullptr && authserv_id_of(trusted->value) != id) std::abort();
  return 0;
}
