#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <tinyxml2.h>

#include "model/error.hpp"
#include "parse/format.hpp"
#include "parse/format_file.hpp"

namespace paymentctl {

/// A format file as XML: its elements, and faults told with the file's name and
/// line. All throw Error(config).
class FormatSource {
 public:
  using Element = tinyxml2::XMLElement;

  /// Both must outlive this. No DOCTYPE, hence no entities beyond XML's own.
  FormatSource(const FormatFile& file, const FormatLimits& limits);

  /// <bank>.
  [[nodiscard]] const Element& root() const { return *root_; }
  [[nodiscard]] const std::string& file_name() const { return file_.name; }

  [[noreturn]] void fail(const Element& at, const std::string& message) const;

  /// Does `work` and says of its fault where it is.
  template <typename Work>
  auto at(const Element& element, Work work) const {
    try {
      return work();
    } catch (Error& error) {
      error.in(fmt::format("{} line {}", file_.name, element.GetLineNum()));
      throw;
    }
  }

  void check_id(const Element& element, const std::string& id) const;
  /// No attributes but these.
  void allow(const Element& element, std::initializer_list<std::string_view> names) const;
  /// An attribute's value; empty where it is not there.
  [[nodiscard]] static std::string optional(const Element& element, const char* name);
  [[nodiscard]] std::string required(const Element& element, const char* name) const;
  [[nodiscard]] bool flag(const Element& element, const char* name) const;

  /// The element's own text, without that of its children, in one line.
  [[nodiscard]] std::string text_of(const Element& element) const;
  /// The element as it stands in the file.
  [[nodiscard]] static std::string source_of(const Element& element);
  /// What its attributes `kind` and `direction` set.
  [[nodiscard]] std::vector<Preset> presets(const Element& element) const;

 private:
  const FormatFile& file_;
  tinyxml2::XMLDocument document_{true, tinyxml2::PRESERVE_WHITESPACE};
  const Element* root_ = nullptr;
};

}  // namespace paymentctl
