#include "import/xml_documents.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_kept = 1000;  // more than any value may have

/// Decides by the root which format it is.
class RootListener : public XmlListener {
 public:
  RootListener(const OwnParty& own_party, Complaints& complaints, const DocumentSink& sink)
      : own_party_(own_party), complaints_(complaints), sink_(sink) {}

  void begin(const XmlElement& element) override {
    if (!chosen_) chosen_ = choose(element);
    chosen_->begin(element);
  }
  void end(std::string_view path, std::string_view text, int line) override {
    chosen_->end(path, text, line);
  }

 private:
  std::unique_ptr<XmlListener> choose(const XmlElement& root) {
    const auto is_of = [&root](std::string_view owner) {
      return root.namespace_name.find(owner) != std::string_view::npos;
    };
    if (is_of("://isdoc.cz/")) {
      if (root.name == "Invoice") return isdoc_listener(own_party_, complaints_, sink_);
      throw XmlError(root.line, fmt::format("<{}> of ISDOC is no invoice, so nothing is to be paid",
                                            root.name));
    }
    if (is_of("://www.stormware.cz/") &&
        (root.name == "dataPack" || root.name == "responsePack" || root.name == "listInvoice")) {
      return pohoda_listener(own_party_, complaints_, sink_);
    }
    throw XmlError(root.line,
                   fmt::format("<{}> is neither ISDOC's Invoice nor Pohoda's dataPack or "
                               "responsePack in their namespaces",
                               root.name.substr(0, 60)));
  }

  const OwnParty& own_party_;
  Complaints& complaints_;
  const DocumentSink& sink_;
  std::unique_ptr<XmlListener> chosen_;
};

/// With every run of blanks and line breaks as one blank.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char letter : text.substr(0, longest_kept)) {
    const bool is_blank = letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
    if (!is_blank) line.push_back(letter);
    if (is_blank && !line.empty() && line.back() != ' ') line.push_back(' ');
  }
  return line;
}

}  // namespace

void XmlTexts::take(std::string_view path, std::string_view text, int line) {
  if (text.empty() || std::find(wanted_.begin(), wanted_.end(), path) == wanted_.end()) return;
  const std::string value = on_one_line(text);
  const auto [kept, is_new] = texts_.emplace(path, value);
  if (!is_new && kept->second != value) {
    throw XmlError(line, fmt::format("{} stands in the invoice twice, with \"{}\" and \"{}\"", path,
                                     kept->second.substr(0, 60), value.substr(0, 60)));
  }
}

const std::string& XmlTexts::of(std::string_view path) const {
  static const std::string nothing;
  const auto found = texts_.find(path);
  return found == texts_.end() ? nothing : found->second;
}

std::string xml_decimal(std::string_view text) {
  std::string decimal(text);
  const auto point = decimal.find('.');
  if (point == std::string::npos) return decimal;
  while (decimal.size() > point + 3 && decimal.back() == '0') decimal.pop_back();
  return decimal;
}

std::string xml_day(std::string_view text) {
  const std::string_view rest = text.substr(std::min<std::size_t>(text.size(), 10));
  if (rest.empty() || rest[0] == 'T' || rest[0] == 'Z' || rest[0] == '+' || rest[0] == '-') {
    return std::string(text.substr(0, 10));
  }
  return std::string(text);
}

std::string eight_digits(std::string_view company_number) {
  std::string digits(company_number);
  if (digits.empty() || digits.size() >= 8 || !ascii::digits_only(digits)) return digits;
  return std::string(8 - digits.size(), '0') + digits;
}

std::string account_or_nothing(std::string_view number, std::string_view bank,
                               std::string_view iban) {
  std::optional<AccountNumber> account;
  if (!number.empty()) account = AccountNumber::parse(number, bank);
  if (!account && !iban.empty()) account = AccountNumber::parse(iban);
  return account ? account->str() : std::string();
}

void read_xml_documents(std::istream& input, const OwnParty& own_party, Complaints& complaints,
                        const DocumentSink& sink) {
  RootListener listener(own_party, complaints, sink);
  try {
    read_xml(input, listener);
  } catch (const XmlError& error) {
    complaints.add(error.line(), {}, error.what());
  }
}

}  // namespace paymentctl
