#pragma once

#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "import/xml_reader.hpp"

namespace paymentctl {

/// A part of an XML document that is small enough to be held. Names are without their prefix.
struct XmlNode {
  std::string name;
  int line = 0;
  std::string text;  ///< where no elements stand in it
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<XmlNode> children;

  /// The first one on the path "Amt" or "Acct/Id/IBAN"; nullptr for none.
  [[nodiscard]] const XmlNode* find(std::string_view path) const;
  /// Its text; empty for none.
  [[nodiscard]] std::string_view text_at(std::string_view path) const;
  [[nodiscard]] std::string_view attribute(std::string_view wanted) const;
};

/// What happens at the elements with the path `whole`, and with those that stand directly in them,
/// each of which is handed over as a part.
struct XmlParts {
  std::string whole;
  std::function<void(int line)> begin;
  std::function<void(const XmlNode& part)> take;
  std::function<void(int line)> end;
};

/// Reads a document part by part. XmlError as of read_xml(), and for a part of more than 500,000
/// elements or 64 MiB.
void read_xml_parts(std::istream& input, const XmlParts& parts);

}  // namespace paymentctl
