#include "parse/format_source.hpp"

#include <algorithm>

#include "model/names.hpp"

namespace paymentctl {

FormatSource::FormatSource(const FormatFile& file, const FormatLimits& limits) : file_(file) {
  if (file.text.size() > limits.size) {
    throw Error(ExitCode::config,
                fmt::format("{}: the file is larger than {} KiB", file.name, limits.size / 1024));
  }
  if (document_.Parse(file.text.data(), file.text.size()) != tinyxml2::XML_SUCCESS) {
    throw Error(ExitCode::config, fmt::format("{} line {}: this is not XML: {}", file.name,
                                              document_.ErrorLineNum(), document_.ErrorName()));
  }
  for (const auto* node = document_.FirstChild(); node != nullptr; node = node->NextSibling()) {
    if (node->ToUnknown() != nullptr) {
      throw Error(ExitCode::config, fmt::format("{} line {}: a DOCTYPE is not allowed", file.name,
                                                node->GetLineNum()));
    }
  }
  root_ = document_.RootElement();
  if (root_ == nullptr || std::string_view(root_->Name()) != "bank") {
    throw Error(ExitCode::config,
                fmt::format("{}: the outermost element must be <bank>", file.name));
  }
}

void FormatSource::fail(const Element& at, const std::string& message) const {
  throw Error(ExitCode::config,
              fmt::format("{} line {}: {}", file_.name, at.GetLineNum(), message));
}

void FormatSource::check_id(const Element& element, const std::string& id) const {
  if (id.empty() || id.size() > 60 ||
      id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
    fail(element, "id=\"" + id + "\": an id is small letters, digits and hyphens");
  }
}

void FormatSource::allow(const Element& element,
                         std::initializer_list<std::string_view> names) const {
  for (const auto* attribute = element.FirstAttribute(); attribute != nullptr;
       attribute = attribute->Next()) {
    if (std::find(names.begin(), names.end(), attribute->Name()) == names.end()) {
      fail(element, fmt::format("<{}> has no attribute {}", element.Name(), attribute->Name()));
    }
  }
}

std::string FormatSource::optional(const Element& element, const char* name) {
  const char* value = element.Attribute(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string FormatSource::required(const Element& element, const char* name) const {
  std::string value = optional(element, name);
  if (value.empty()) fail(element, fmt::format("<{}> needs {}=\"…\"", element.Name(), name));
  return value;
}

bool FormatSource::flag(const Element& element, const char* name) const {
  const std::string value = optional(element, name);
  if (value.empty() || value == "false") return false;
  if (value != "true") fail(element, std::string(name) + " is true or false");
  return true;
}

std::string FormatSource::text_of(const Element& element) const {
  std::string text;
  for (const auto* node = element.FirstChild(); node != nullptr; node = node->NextSibling()) {
    if (node->ToText() != nullptr) text += node->Value();
    if (node->ToUnknown() != nullptr) fail(element, "a declaration is not allowed here");
  }
  std::string line;
  bool blank = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      blank = true;
      continue;
    }
    if (blank && !line.empty()) line.push_back(' ');
    blank = false;
    line.push_back(c);
  }
  return line;
}

std::string FormatSource::source_of(const Element& element) {
  tinyxml2::XMLPrinter printer;
  element.Accept(&printer);
  return printer.CStr();
}

std::vector<Preset> FormatSource::presets(const Element& element) const {
  std::vector<Preset> found;
  if (const std::string kind = optional(element, "kind"); !kind.empty()) {
    const auto value = value_of<PaymentKind>(kind);
    if (!value) fail(element, "kind=\"" + kind + "\" is none of the known kinds");
    found.push_back({Field::kind, static_cast<int>(*value)});
  }
  if (const std::string direction = optional(element, "direction");
      !direction.empty() && direction != "both") {
    const auto value = value_of<Direction>(direction);
    if (!value) fail(element, "direction is incoming, outgoing or both");
    found.push_back({Field::direction, static_cast<int>(*value)});
  }
  return found;
}

}  // namespace paymentctl
