#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parse/format_source.hpp"
#include "parse/pattern.hpp"

namespace paymentctl {

/// Reads what a format file says about one line of a mail: <line>, <cell>,
/// <sentence>, <subject> and the phrases of <ignore> and <block>. Error(config)
/// names file and line.
class FormatLines {
 public:
  using Element = FormatSource::Element;

  /// `source` and `limits` must outlive this.
  FormatLines(const FormatSource& source, Compiling compiling, const FormatLimits& limits)
      : source_(source), compiling_(compiling), limits_(limits) {}

  /// `name` is the element's.
  LineSpec line(const Element& element, std::string_view name);

  /// A template that stands in an attribute of `element`.
  [[nodiscard]] Pattern phrase(const Element& element, const std::string& text,
                               Anchor anchor) const;

 private:
  [[nodiscard]] Pattern compile(const std::vector<Node>& nodes, Anchor anchor) const;
  void free_pattern(const Element& element, LineSpec& spec);
  void count_regex(const Element& element);
  void labelled(const Element& element, LineSpec& spec, const std::string& label);
  ValuePattern alternative(const Element& element, LineSpec& spec);
  /// Takes the words off the front of the template that tell the line; what is
  /// left is its value.
  std::vector<Node> take_label(std::vector<Node>& nodes, LineSpec& spec);
  std::vector<Label> multiplied(const std::vector<Label>& labels, const Node& node) const;
  ValuePattern value_pattern(const std::vector<Node>& all, LineSpec& spec);

  const FormatSource& source_;
  const Compiling compiling_;
  const FormatLimits& limits_;
  int regexes_ = 0;
};

}  // namespace paymentctl
