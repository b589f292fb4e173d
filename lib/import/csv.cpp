#include "import/csv.hpp"

#include "model/amount.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_record = 1U << 20;
constexpr std::size_t most_fields = 200;
constexpr std::string_view ends_of_run = ",;\r\n";

/// A formula, or one behind apostrophes: they must be told from the one that guards.
bool needs_guard(std::string_view text) {
  const auto first = text.find_first_not_of('\'');
  if (first == std::string_view::npos) return false;
  if (std::string_view("=+-@\t\r").find(text[first]) == std::string_view::npos) return false;
  return first > 0 || !Amount::from_decimal(text);
}

}  // namespace

CsvReader::CsvReader(std::istream& input) : bytes_(input) { bytes_.skip_mark(); }

bool CsvReader::next(CsvRecord& record) {
  record.fields.clear();
  record.is_blank = false;
  record.line = bytes_.line();
  if (lost_ || bytes_.peek() < 0) return false;
  read_line(record);
  record.is_blank = record.fields.size() == 1 && record.fields.front().empty();
  return true;
}

void CsvReader::skip_line() {
  for (int byte = bytes_.get(); byte >= 0 && byte != '\n'; byte = bytes_.get()) {
  }
}

/// The inside of a quoted field; false when the file ends before the closing mark.
bool CsvReader::read_quoted(std::string& field, std::size_t& size) {
  while (true) {
    const int byte = bytes_.get();
    if (byte < 0 || ++size > longest_record) return false;
    if (byte == '"') {
      if (bytes_.peek() != '"') return true;
      bytes_.get();
    }
    field.push_back(static_cast<char>(byte));
  }
}

void CsvReader::read_line(CsvRecord& record) {
  std::size_t size = 0;
  std::string field;
  bool quoted = false;
  const auto finish = [&] {
    record.fields.push_back(std::move(field));
    field.clear();
    quoted = false;
  };
  while (true) {
    const int byte = bytes_.get();
    if (byte < 0 || byte == '\n') break;
    if (byte == '\r' && (bytes_.peek() == '\n' || bytes_.peek() < 0)) continue;
    if (++size > longest_record) {
      skip_line();
      throw Error(ExitCode::data, "the line is longer than 1 MiB");
    }
    if (byte == '"' && field.empty() && !quoted) {
      quoted = true;
      if (!read_quoted(field, size)) {
        lost_ = true;
        throw Error(ExitCode::data, "a quotation mark is opened here and never closed");
      }
      continue;
    }
    // The header decides; its names hold neither.
    if (separator_ == '\0' && (byte == ',' || byte == ';')) separator_ = static_cast<char>(byte);
    if (byte == separator_ && separator_ != '\0') {
      finish();
      if (record.fields.size() >= most_fields) {
        skip_line();
        throw Error(ExitCode::data, "the line has more than 200 fields");
      }
      continue;
    }
    if (quoted && byte != ' ' && byte != '\t') {
      skip_line();
      throw Error(ExitCode::data,
                  "text follows a closing quotation mark; a quotation mark within a field is "
                  "written twice");
    }
    if (quoted) continue;
    field.push_back(static_cast<char>(byte));
    const std::string_view run = bytes_.get_until(ends_of_run);
    size += run.size();
    field.append(run);
  }
  finish();
  if (separator_ == '\0') separator_ = ',';
}

std::string csv_field(std::string_view text) {
  std::string field(text);
  if (needs_guard(text)) field.insert(0, 1, '\'');
  if (field.find_first_of(",;\"\r\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char letter : field) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return quoted + '"';
}

std::string_view without_guard(std::string_view field) {
  if (field.starts_with('\'') && needs_guard(field)) field.remove_prefix(1);
  return field;
}

}  // namespace paymentctl
