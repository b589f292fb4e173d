// A notification whose texts come from a stranger's mail: whatever is in them, the mail has exactly
// the headers that we write, and a CSV file exactly the fields that we put into it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "import/csv.hpp"
#include "model/error.hpp"
#include "model/visible.hpp"
#include "notify/compose.hpp"

using namespace paymentctl;

namespace {

/// The names of the headers, and that every line is short ASCII that ends with CRLF.
std::string header_names(std::string_view mail) {
  std::string names;
  bool in_head = true;
  while (!mail.empty()) {
    const std::size_t end = mail.find("\r\n");
    if (end == std::string_view::npos || end > 998) std::abort();
    const std::string_view line = mail.substr(0, end);
    mail.remove_prefix(end + 2);
    const bool is_plain =
        std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!is_plain || line == ".") std::abort();
    if (line.empty()) in_head = false;
    if (in_head && line.front() != ' ') names.append(line.substr(0, line.find(':'))).append(" ");
  }
  return names;
}

void compose(const std::string& text) {
  const std::string names = header_names(
      compose_mail({"a@b.cz", {"c@d.cz", "e@f.cz"}, {}, text, text, text, Timestamp(), true}));
  if (names !=
      "Date From To Subject Message-ID MIME-Version Content-Type Content-Transfer-Encoding "
      "Auto-Submitted ") {
    std::abort();
  }
  if (!fault_of_address(text)) {
    static_cast<void>(
        header_names(compose_mail({text, {text}, {text}, "", "", "", Timestamp(), true})));
  }
}

void write_csv(const std::string& text) {
  const std::string field = csv_field(text);
  std::istringstream file("a,b\n" + field + ",x\n");
  CsvReader reader(file);
  CsvRecord record;
  try {
    if (!reader.next(record) || !reader.next(record) || record.fields.size() != 2) std::abort();
  } catch (const Error&) {  // one that is too long, or has bytes that no import takes
    return;
  }
  // Quotation marks aside, nothing that a spreadsheet would run stands in front.
  const std::string& read = record.fields[0];
  const bool is_number = std::all_of(read.begin(), read.end(), [](char c) {
    return (c >= '0' && c <= '9') || std::string_view("+-., eE").find(c) != std::string_view::npos;
  });
  if (!read.empty() && std::string_view("=+-@\t\r").find(read.front()) != std::string_view::npos &&
      !is_number) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string shown = visible(text);
  const bool has_control = std::any_of(shown.begin(), shown.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
  });
  if (has_control || !is_utf8(shown) || visible(shown) != shown) std::abort();
  if (!is_utf8(one_line(text)) || one_line(text).find('\n') != std::string::npos) std::abort();
  compose(text);
  write_csv(text);
  return 0;
}
