#include "import/documents.hpp"

#include <algorithm>

#include "import/fields.hpp"

namespace paymentctl {
namespace {

bool ends_with(std::string_view name, std::string_view ending) {
  if (name.size() < ending.size()) return false;
  name.remove_prefix(name.size() - ending.size());
  return std::equal(name.begin(), name.end(), ending.begin(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace

DocumentFileFormat document_file_format(std::string_view name, std::string_view beginning) {
  if (ends_with(name, ".csv")) return DocumentFileFormat::csv;
  if (ends_with(name, ".json")) return DocumentFileFormat::json;
  if (ends_with(name, ".ndjson") || ends_with(name, ".jsonl")) return DocumentFileFormat::ndjson;
  for (const std::string_view ending : {".isdoc", ".xml"}) {
    if (ends_with(name, ending)) return DocumentFileFormat::xml;
  }
  if (ends_with(name, ".isdocx") || beginning.starts_with("PK")) return DocumentFileFormat::isdocx;
  if (beginning.starts_with("\xEF\xBB\xBF")) beginning.remove_prefix(3);
  const auto first = beginning.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return DocumentFileFormat::csv;
  if (beginning[first] == '<') return DocumentFileFormat::xml;
  if (beginning[first] == '[') return DocumentFileFormat::json;
  return beginning[first] == '{' ? DocumentFileFormat::ndjson : DocumentFileFormat::csv;
}

void read_documents(std::istream& input, std::string_view name, DocumentFileFormat format,
                    const DocumentSink& sink, const OwnParty& own_party) {
  Complaints complaints(name);
  switch (format) {
    case DocumentFileFormat::csv:
      read_csv(input, complaints, sink);
      break;
    case DocumentFileFormat::json:
      read_json(input, complaints, sink);
      break;
    case DocumentFileFormat::ndjson:
      read_ndjson(input, complaints, sink);
      break;
    case DocumentFileFormat::xml:
      read_xml_documents(input, own_party, complaints, sink);
      break;
    case DocumentFileFormat::isdocx:
      read_isdocx(input, own_party, complaints, sink);
      break;
  }
  complaints.throw_if_any();
}

}  // namespace paymentctl
