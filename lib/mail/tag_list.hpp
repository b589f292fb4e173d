#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace paymentctl {

/// One `name=value` of a tag list. Views point into the list.
struct Tag {
  std::string_view name;
  std::string_view value;  ///< without blanks and line ends around it; inside they may stand
  std::string_view whole;  ///< everything between `=` and `;`
};

/// A list of tags as DKIM writes it in headers and key records (RFC 6376, 3.2).
class TagList {
 public:
  /// A list that breaks the syntax, names a tag twice or has more than 100 of them: nullopt.
  static std::optional<TagList> read(std::string_view text);

  /// Names are compared letter by letter, as the standard wants it.
  [[nodiscard]] const Tag* find(std::string_view name) const;
  /// The value, or nullopt for a tag that is not there.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const;

  std::vector<Tag> tags;
};

/// The parts of a value between colons, without blanks around them.
std::vector<std::string_view> colon_list(std::string_view value);

}  // namespace paymentctl
