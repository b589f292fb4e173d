#pragma once

#include <istream>
#include <string>

#include "import/byte_reader.hpp"
#include "import/statement_builder.hpp"

namespace paymentctl {

// One file a format. Each reads to the end and tells the builder what it found; what cannot be
// understood is Error(data) by the builder's refuse().
void read_gpc(std::istream& input, StatementBuilder& builder);
void read_camt053(std::istream& input, StatementBuilder& builder);
void read_mt940(std::istream& input, StatementBuilder& builder);
void read_fio_json(std::istream& input, StatementBuilder& builder);

/// One line without its end (LF or CRLF); false at the end of the file.
inline bool next_line(ByteReader& bytes, std::string& line, const StatementBuilder& builder) {
  constexpr std::size_t longest = 1U << 14U;
  line.clear();
  if (bytes.peek() < 0) return false;
  const int number = bytes.line();
  for (int byte = bytes.get(); byte >= 0 && byte != '\n'; byte = bytes.get()) {
    if (line.size() == longest) builder.refuse(number, "the line is longer than 16 KiB");
    line.push_back(static_cast<char>(byte));
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

}  // namespace paymentctl
