#include <algorithm>

#include <fmt/format.h>

#include "import/csv.hpp"
#include "import/fields.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Which column of ours each field of a line is.
std::vector<std::size_t> read_header(CsvReader& csv, Complaints& complaints) {
  CsvRecord header;
  do {
    if (!csv.next(header)) {
      complaints.add(1, {}, "the file is empty; it begins with a header: kind,number,amount,…");
      return {};
    }
  } while (header.is_blank);
  std::vector<std::size_t> columns;
  for (const std::string& field : header.fields) {
    const std::string name = trimmed(field);
    const auto column = document_column(name);
    if (!column) {
      complaints.add_value(header.line, fmt::format("{}", columns.size() + 1), name,
                           fmt::format("a name of {}", fmt::join(document_columns_known, ", ")));
    } else if (std::find(columns.begin(), columns.end(), *column) != columns.end()) {
      complaints.add(header.line, name, "the column stands in the header twice");
    }
    columns.push_back(column.value_or(document_columns_known.size()));
  }
  for (const std::string_view required : {"kind", "number", "amount"}) {
    if (std::find(columns.begin(), columns.end(), document_column(required).value()) ==
        columns.end()) {
      complaints.add(header.line, required, "the column is required, and the header lacks it");
    }
  }
  return columns;
}

}  // namespace

void read_csv(std::istream& input, Complaints& complaints, const DocumentSink& sink) {
  CsvReader csv(input);
  std::vector<std::size_t> columns;
  try {
    columns = read_header(csv, complaints);
  } catch (const Error& error) {
    if (error.code() != ExitCode::data || complaints.count() > 0) throw;
    complaints.add(1, {}, error.what());
  }
  // Without a header nothing else can be understood.
  complaints.throw_if_any();

  CsvRecord record;
  while (true) {
    try {
      if (!csv.next(record)) break;
    } catch (const Error& error) {
      if (error.code() != ExitCode::data) throw;
      complaints.add(record.line, {}, error.what());
      continue;
    }
    if (record.is_blank) continue;
    if (record.fields.size() != columns.size()) {
      complaints.add(record.line, {},
                     fmt::format("the line has {} fields, the header has {}", record.fields.size(),
                                 columns.size()));
      continue;
    }
    DocumentFields fields;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      fields.at(columns[i]) = without_guard(trimmed(record.fields[i]));
    }
    take_document(fields, record.line, complaints, sink);
  }
}

}  // namespace paymentctl
