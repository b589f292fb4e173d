#pragma once

#include <istream>
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace paymentctl {

/// Error(data) about XML, with the line where it was noticed.
class XmlError : public Error {
 public:
  XmlError(int line, std::string text) : Error(ExitCode::data, std::move(text)), line_(line) {}
  /// From 1.
  [[nodiscard]] int line() const { return line_; }

 private:
  int line_;
};

/// An element that has just begun.
struct XmlElement {
  /// Local names from the root on, apart by '/', without namespace prefixes: "Document/Stmt/Id".
  std::string_view path;
  std::string_view name;            ///< the last of them
  std::string_view namespace_name;  ///< a URI, or empty
  const char* const* attributes;    ///< as expat gives them
  int line = 0;

  /// The attribute's value, or empty.
  [[nodiscard]] std::string_view attribute(std::string_view wanted) const;
};

/// Takes what read_xml() meets, in the order of the file. What it throws ends the reading.
class XmlListener {
 public:
  virtual ~XmlListener() = default;
  virtual void begin(const XmlElement& /*element*/) {}
  /// `text` is the element's own, without blanks around it, and empty where elements stand in it;
  /// `line` is where the element began.
  virtual void end(std::string_view /*path*/, std::string_view /*text*/, int /*line*/) {}
};

/// Reads XML of any size in memory that does not grow with it: UTF-8, UTF-16 or the single-byte
/// encoding that it names (windows-1250). XmlError: not well-formed, truncated, a DOCTYPE (so there
/// are no entities but the five of XML), more than 64 levels, a tag of more than 1 MiB. A text of
/// more than 64 KiB is cut.
void read_xml(std::istream& input, XmlListener& listener);

}  // namespace paymentctl
