#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "model/document.hpp"

namespace paymentctl {

enum class DocumentFileFormat { csv, json, ndjson, xml, isdocx };

/// By the ending of the name (.csv, .json, .ndjson, .jsonl, .isdoc, .xml, .isdocx; any case), else
/// by its first characters: "PK" is an .isdocx, '<' XML, '[' JSON, '{' NDJSON, anything else CSV.
DocumentFileFormat document_file_format(std::string_view name, std::string_view beginning);

/// Takes one document; an Error that it throws is reported with the document's line.
using DocumentSink = std::function<void(const Document&)>;

/// Reads documents one by one, in memory that does not grow with the file, and hands each to
/// `sink`. The rules stand in interface.md, "Documents": defaults, credit notes, required columns.
///
/// Any bad line makes it throw Error(data) at the end of the file, or after 20 of them: one line of
/// text for each, with `name`, line, column, the value and what is wanted. What the sink took
/// before that must then be undone by the caller (all or nothing).
///
/// XML is ISDOC (6.0.2 and before) or Pohoda's. `own_party`, our IČO, tells whether an ISDOC
/// invoice is issued or received; without it one is refused. A file of Pohoda's must be of that
/// company where it says whose it is.
void read_documents(std::istream& input, std::string_view name, DocumentFileFormat format,
                    const DocumentSink& sink, const std::optional<std::string>& own_party = {});

}  // namespace paymentctl
