// Raw bytes to a decoded mail to payments, over all built-in banks.
#include "parse/notice.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mail/message.hpp"
#include "parse/catalog.hpp"

using namespace paymentctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Catalog catalog = Catalog::built_in();
  const Message message = decode_mail({reinterpret_cast<const char*>(data), size});
  const auto check = [&](const ParseSettings& settings) {
    const Notice notice = read_notice(message, catalog, settings);
    if (const auto* payments = std::get_if<Payments>(&notice)) {
      if (payments->empty()) std::abort();
      for (const Payment& payment : *payments) {
        if (!payment.amount.is_payable()) std::abort();
      }
    }
  };
  check({});
  for (const std::string& bank : catalog.bank_ids()) {
    ParseSettings settings;
    settings.bank = bank;
    check(settings);
  }
  return 0;
}
