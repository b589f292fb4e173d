#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "import/byte_reader.hpp"

namespace paymentctl {

/// A line of a CSV file; one with quoted line breaks is one record over several lines.
struct CsvRecord {
  int line = 0;  ///< where it begins, from 1
  std::vector<std::string> fields;
  bool is_blank = false;  ///< nothing at all on the line
};

/// Reads RFC 4180 as people write it: comma or semicolon (whichever the first line has more of
/// outside quotation marks), CRLF or LF, a byte order mark, quotation marks doubled within quoted
/// fields. Memory is that of one record, at most 1 MiB and 200 fields.
class CsvReader {
 public:
  explicit CsvReader(std::istream& input);

  /// False at the end. Error(data) that says what is wrong, without file and line; the reader then
  /// stands behind the line and can go on, unless is_lost().
  bool next(CsvRecord& record);

  /// A record that never ends: nothing sensible can follow.
  [[nodiscard]] bool is_lost() const { return lost_; }

 private:
  void read_line(CsvRecord& record);
  bool read_quoted(std::string& field, std::size_t& size);
  void skip_line();

  ByteReader bytes_;
  char separator_ = '\0';
  bool lost_ = false;
};

/// A field for a CSV file. A text that a spreadsheet would take for a formula (it begins with = + -
/// @ or a tab) gets an apostrophe in front; a plain number stays.
std::string csv_field(std::string_view text);

/// What csv_field() was given: the apostrophe in front of a formula's beginning comes off.
std::string_view without_guard(std::string_view field);

}  // namespace paymentctl
