#include "mail/tag_list.hpp"

#include <algorithm>

#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_list = 100;

bool is_tag_name(std::string_view name) {
  return !name.empty() && ascii::is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return ascii::is_letter(c) || ascii::is_digit(c) || c == '_'; });
}

bool is_tag_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return ascii::is_control(c) && !ascii::is_space(c); });
}

}  // namespace

std::optional<TagList> TagList::read(std::string_view text) {
  TagList list;
  while (!ascii::trim(text).empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view part = text.substr(0, end);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    Tag tag;
    tag.name = ascii::trim(part.substr(0, equals));
    tag.whole = part.substr(equals + 1);
    tag.value = ascii::trim(tag.whole);
    if (!is_tag_name(tag.name) || !is_tag_value(tag.value) || list.find(tag.name) != nullptr ||
        list.tags.size() == longest_list) {
      return std::nullopt;
    }
    list.tags.push_back(tag);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

const Tag* TagList::find(std::string_view name) const {
  const auto found =
      std::find_if(tags.begin(), tags.end(), [name](const Tag& tag) { return tag.name == name; });
  return found == tags.end() ? nullptr : &*found;
}

std::optional<std::string_view> TagList::value(std::string_view name) const {
  const Tag* const tag = find(name);
  return tag == nullptr ? std::nullopt : std::optional(tag->value);
}

std::vector<std::string_view> colon_list(std::string_view value) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = std::min(value.find(':'), value.size());
    parts.push_back(ascii::trim(value.substr(0, end)));
    if (end == value.size()) return parts;
    value.remove_prefix(end + 1);
  }
}

}  // namespace paymentctl
