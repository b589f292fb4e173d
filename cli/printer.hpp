#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/json.hpp"
#include "output.hpp"

namespace paymentctl::cli {

enum class Format { table, json, ndjson, csv };

/// One column of a table or a CSV file, taken from the object that JSON prints whole.
struct Column {
  std::string title;    ///< in a table; empty keeps the column out of tables
  std::string pointer;  ///< JSON pointer, "/partner/name"; its words make the CSV name partner_name
  bool right = false;   ///< aligned to the right: amounts and counts
  /// Where the pointer's value alone is not what to show.
  std::function<std::string(const Json&)> text = {};
  std::size_t widest = 60;  ///< cells in a table; what is longer ends with an ellipsis
};

/// Prints a list of objects in the wanted format. JSON and NDJSON show the whole objects, table and
/// CSV the columns. A table's widths come from its first 1000 rows, so memory stays bounded.
class Printer {
 public:
  Printer(Output& out, Format format, std::vector<Column> columns);

  void row(const Json& object);
  /// Shows what waits; a table's widths are settled with it.
  void show();
  /// The end of the list; without rows a table says `nothing`, e.g. "no documents".
  void finish(std::string_view nothing);

 private:
  void table_row(const std::vector<std::string>& cells);
  void flush_table();

  Output& out_;
  Format format_;
  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> waiting_;  ///< rows of a table before widths are settled
  bool widths_settled_ = false;
  std::size_t rows_ = 0;
};

/// One object: members below one another as "name: value" in a table, as JSON otherwise. CSV is for
/// lists: Error(usage).
void print_object(Output& out, Format format, const Json& object);

/// Cells that a terminal gives to `text`: wide characters two, combining ones none.
std::size_t display_width(std::string_view text);

}  // namespace paymentctl::cli
