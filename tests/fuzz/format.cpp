// A format file from a stranger: refused with a message, or compiled and run on a fixed mail.
#include <cstddef>
#include <cstdint>
#include <string>

#include "model/error.hpp"
#include "parse/catalog.hpp"
#include "parse/notice.hpp"

using namespace paymentctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Message message = [] {
    Message made;
    made.from_address = "info@test.example";
    made.subject = "Oznámení ID: 5";
    made.date = Date::from(2026, 8, 12);
    made.bodies.push_back(
        {"Příjem na kontě: 2052601819\nČástka: 4 840,00 CZK\nVS: 117\nZpráva: text\n"
         "Účet\n5578657976/5500\nOd: a Předmět: b\nmBank: item 1\nmBank: item 2\n-- \nend",
         false});
    return made;
  }();
  try {
    const Catalog catalog =
        Catalog::from_files({{"fuzz.xml", {reinterpret_cast<const char*>(data), size}}});
    for (const std::string& bank : catalog.bank_ids()) {
      ParseSettings settings;
      settings.bank = bank;
      read_notice(message, catalog, settings);
      explain_notice(message, catalog, settings);
    }
    static_cast<void>(catalog.formats());
  } catch (const Error&) {
  }
  return 0;
}
