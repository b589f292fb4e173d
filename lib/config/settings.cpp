#include "config/settings.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <tinyxml2.h>

#include "model/error.hpp"
#include "model/visible.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t largest_xml = 1'000'000;

[[noreturn]] void refuse(int line, std::string_view message) {
  throw Error(ExitCode::config, fmt::format("line {}: {}", line, message));
}

void check_bytes(std::string_view xml) {
  if (xml.size() > largest_xml) {
    throw Error(ExitCode::config,
                "is larger than 1 MB, which no settings are; is it the right file?");
  }
  if (xml.starts_with("\xFF\xFE") || xml.starts_with("\xFE\xFF") || xml.find('\0') != xml.npos) {
    throw Error(ExitCode::config, "is not UTF-8; save it as UTF-8");
  }
  if (!is_utf8(xml)) {
    throw Error(ExitCode::config, "is not valid UTF-8 (perhaps windows-1250); save it as UTF-8");
  }
}

void check_prologue(const tinyxml2::XMLDocument& document) {
  for (const auto* node = document.FirstChild(); node != nullptr; node = node->NextSibling()) {
    if (node->ToUnknown() != nullptr) {
      refuse(node->GetLineNum(), "a DOCTYPE or entity declaration is not allowed; remove it");
    }
  }
}

Setting read_add(const tinyxml2::XMLElement& element) {
  const char* key = element.Attribute("key");
  const char* value = element.Attribute("value");
  const int line = element.GetLineNum();
  if (key == nullptr || *key == '\0' || value == nullptr) {
    refuse(line, "wanted <add key=\"…\" value=\"…\" />");
  }
  return {key, value, line};
}

const char* in_words(tinyxml2::XMLError error) {
  switch (error) {
    case tinyxml2::XML_ERROR_EMPTY_DOCUMENT:
      return "the file is empty";
    case tinyxml2::XML_ERROR_MISMATCHED_ELEMENT:
      return "an element is not closed, or another one is";
    case tinyxml2::XML_ERROR_PARSING_ATTRIBUTE:
      return "something is wrong with an attribute";
    case tinyxml2::XML_ERROR_PARSING_TEXT:
      return "there is text where an element was wanted";
    case tinyxml2::XML_ERROR_PARSING_COMMENT:
      return "a comment does not end";
    default:
      return "something is missing or too much";
  }
}

}  // namespace

Settings settings_from_xml(std::string_view xml) {
  check_bytes(xml);
  tinyxml2::XMLDocument document;
  if (document.Parse(xml.data(), xml.size()) != tinyxml2::XML_SUCCESS) {
    refuse(std::max(document.ErrorLineNum(), 1),
           fmt::format("is not well-formed XML ({}); wanted <configuration><appSettings><add key= "
                       "value= />",
                       in_words(document.ErrorID())));
  }
  check_prologue(document);
  const auto* root = document.RootElement();
  if (root == nullptr || std::strcmp(root->Name(), "configuration") != 0) {
    refuse(root == nullptr ? 1 : root->GetLineNum(),
           "the outermost element must be <configuration>");
  }
  Settings settings;
  const auto ignore = [&settings](const tinyxml2::XMLElement& element) {
    settings.warnings.push_back(fmt::format("line {}: <{}> means nothing here and is ignored",
                                            element.GetLineNum(), visible(element.Name())));
  };
  bool found = false;
  for (const auto* part = root->FirstChildElement(); part != nullptr;
       part = part->NextSiblingElement()) {
    if (std::strcmp(part->Name(), "appSettings") != 0) {
      ignore(*part);
      continue;
    }
    found = true;
    for (const auto* entry = part->FirstChildElement(); entry != nullptr;
         entry = entry->NextSiblingElement()) {
      if (std::strcmp(entry->Name(), "add") != 0) {
        ignore(*entry);
        continue;
      }
      Setting setting = read_add(*entry);
      for (const Setting& other : settings.all) {
        if (other.key == setting.key) {
          refuse(setting.line,
                 fmt::format("{} stands here a second time, first on line {}; keep one",
                             visible(setting.key), other.line));
        }
      }
      settings.all.push_back(std::move(setting));
    }
  }
  if (!found) refuse(root->GetLineNum(), "<configuration> has no <appSettings>");
  return settings;
}

}  // namespace paymentctl
