#include "run/document_files.hpp"

#include <fstream>

#include <fmt/format.h>

#include "import/documents.hpp"
#include "model/error.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t sniffed = 512;  // bytes that tell a format where the file's name does not
constexpr std::chrono::days furthest_issue{366};

std::string beginning_of(std::istream& input) {
  std::string beginning(sniffed, '\0');
  input.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<std::size_t>(input.gcount()));
  input.clear();
  input.seekg(0);
  return beginning;
}

}  // namespace

ImportCounts import_document_file(BoxSession& session, const std::string& name) {
  const std::filesystem::path file = path_from_utf8(name);
  const auto facts = look_at(file);
  if (!facts || facts->type == FileType::folder) {
    throw Error(ExitCode::no_input, fmt::format("{} is not a file that is there", name));
  }
  const auto latest = std::chrono::floor<std::chrono::days>(session.clock.now()) + furthest_issue;
  ImportCounts counts;
  // A repeated transaction reads the file anew.
  session.ledger.transaction([&] {
    std::ifstream input(file, std::ios::binary);
    if (!input) throw Error(ExitCode::no_input, fmt::format("cannot open {}", name));
    const auto format = document_file_format(name, beginning_of(input));
    DocumentImport import(session.ledger, session.key, session.clock.now());
    read_documents(
        input, name, format,
        [&](const Document& document) {
          if (document.issued_on && document.issued_on->days() > latest) {
            throw Error(ExitCode::data, fmt::format("issued on {}, more than a year from now",
                                                    document.issued_on->iso()));
          }
          import.put(document);
        },
        session.box.own_party);
    counts = import.finish();
  });
  return counts;
}

}  // namespace paymentctl
