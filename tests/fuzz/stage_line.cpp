// A line that another program hands to `match` or `post`: a payment or a match that says again what
// it said, or a refusal.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/error.hpp"
#include "model/json.hpp"

using namespace paymentctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Json line;
  try {
    line = json_object({reinterpret_cast<const char*>(data), size});
  } catch (const Error& error) {
    if (error.code() != ExitCode::data) std::abort();
    return 0;
  }
  try {
    const Json once = to_json(payment_from_json(line));
    if (to_json(payment_from_json(once)) != once) std::abort();
    if (payment_from_json(line).amount.minor() <= 0) std::abort();
  } catch (const Error& error) {
    if (error.code() != ExitCode::data) std::abort();
  }
  try {
    static_cast<void>(match_from_json(line));
  } catch (const Error& error) {
    if (error.code() != ExitCode::data) std::abort();
  }
  return 0;
}
