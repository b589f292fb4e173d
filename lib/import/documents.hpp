#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "model/document.hpp"

namespace paymentctl {

enum class DocumentFileFormat { csv, json, ndjson };

/// By the ending of the name (.csv, .json, .ndjson, .jsonl; any case), else by the first character
/// that is no blank: '[' is JSON, '{' NDJSON, anything else CSV.
DocumentFileFormat document_file_format(std::string_view name, std::string_view beginning);

/// Takes one document; an Error that it throws is reported with the document's line.
using DocumentSink = std::function<void(const Document&)>;

/// Reads documents one by one, in memory that does not grow with the file, and hands each to
/// `sink`. The rules stand in interface.md, "Documents": defaults, credit notes, required columns.
///
/// Any bad line makes it throw Error(data) at the end of the file, or after 20 of them: one line of
/// text for each, with `name`, line, column, the value and what is wanted. What the sink took
/// before that must then be undone by the caller (all or nothing).
void read_documents(std::istream& input, std::string_view name, DocumentFileFormat format,
                    const DocumentSink& sink);

}  // namespace paymentctl
