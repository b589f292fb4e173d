#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "import/xml_documents.hpp"
#include "import/zip.hpp"

namespace paymentctl {
namespace {

constexpr std::uint64_t largest_archive = 25U << 20;
constexpr std::uint64_t largest_invoice = 16U << 20;
constexpr std::uint64_t largest_manifest = 1U << 20;

std::string read_archive(std::istream& input) {
  std::string archive;
  std::string piece(1U << 16, '\0');
  while (input.read(piece.data(), static_cast<std::streamsize>(piece.size())), input.gcount() > 0) {
    archive.append(piece, 0, static_cast<std::size_t>(input.gcount()));
    if (archive.size() > largest_archive) {
      throw Error(ExitCode::data, "the archive is larger than 25 MB, which no .isdocx is");
    }
  }
  if (input.bad()) throw Error(ExitCode::io, "the file cannot be read to its end");
  return archive;
}

/// manifest.xml names the invoice among its attachments.
class Manifest : public XmlListener {
 public:
  void begin(const XmlElement& element) override {
    if (element.path == "manifest/maindocument") main = element.attribute("filename");
  }
  std::string main;
};

bool is_isdoc(const ZipEntry& entry) {
  std::string ending = entry.name.size() < 6 ? "" : entry.name.substr(entry.name.size() - 6);
  for (char& letter : ending) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return ending == ".isdoc";
}

/// Which entry is the invoice.
const ZipEntry& invoice_in(std::string_view archive, const std::vector<ZipEntry>& entries) {
  const auto named = [&](const std::string& name) {
    return std::find_if(entries.begin(), entries.end(),
                        [&](const ZipEntry& entry) { return entry.name == name; });
  };
  if (const auto found = named("manifest.xml"); found != entries.end()) {
    Manifest manifest;
    std::istringstream text(unzip(archive, *found, largest_manifest));
    within("manifest.xml", [&] { read_xml(text, manifest); });
    const auto main = named(manifest.main);
    if (main == entries.end()) {
      throw Error(ExitCode::data,
                  fmt::format("manifest.xml names the invoice \"{}\", which is not in "
                              "the archive",
                              manifest.main.substr(0, 100)));
    }
    return *main;
  }
  if (std::count_if(entries.begin(), entries.end(), is_isdoc) != 1) {
    throw Error(ExitCode::data, "without manifest.xml exactly one .isdoc is wanted in the archive");
  }
  return *std::find_if(entries.begin(), entries.end(), is_isdoc);
}

}  // namespace

void read_isdocx(std::istream& input, const OwnParty& own_party, Complaints& complaints,
                 const DocumentSink& sink) {
  std::istringstream invoice;
  try {
    const std::string archive = read_archive(input);
    const auto entries = zip_entries(archive);
    invoice.str(unzip(archive, invoice_in(archive, entries), largest_invoice));
  } catch (const Error& error) {
    if (error.code() != ExitCode::data) throw;
    complaints.add(1, {}, error.what());
    return;
  }
  read_xml_documents(invoice, own_party, complaints, sink);
}

}  // namespace paymentctl
