#pragma once

#include <string>

#include "ledger/documents.hpp"
#include "run/box_session.hpp"

namespace paymentctl {

/// Takes the documents of a file (UTF-8 path; the formats of import/documents.hpp) into the ledger,
/// all or nothing. Error(data) as one line of text for each mistake, with file and line; a document
/// that was issued more than a year from now is one. Error(no_input) where there is no such file.
ImportCounts import_document_file(BoxSession& session, const std::string& name);

}  // namespace paymentctl
