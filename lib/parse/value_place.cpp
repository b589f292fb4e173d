#include "parse/value_place.hpp"

#include <algorithm>

#include "parse/values.hpp"

namespace paymentctl {
namespace {

Region without_blanks(std::string_view text, Region place) {
  while (place.end > place.begin && is_space(text[place.end - 1])) --place.end;
  while (place.begin < place.end && is_space(text[place.begin])) ++place.begin;
  return place;
}

Region without_separator(std::string_view text, std::string_view separator, Region place,
                         bool flattened) {
  place = without_blanks(text, place);
  const std::string_view here = text.substr(place.begin, place.end - place.begin);
  if (separator.empty() || !here.ends_with(separator)) return place;
  const std::size_t rest = here.size() - separator.size();
  // Alone and not between items it is a value, as one bank writes that a card has no account.
  const bool ends_line = place.end == text.size() || text[place.end] == '\n';
  if (rest == 0 && (flattened || ends_line)) return place;
  if (rest > 0 && !is_space(here[rest - 1])) return place;
  return without_blanks(text, {place.begin, place.begin + rest});
}

/// The first line between the label's and `stop` that is not blank; the empty place where there is
/// none near enough.
Region line_below(std::string_view text, const LineSpec& line, const LabelHit& hit,
                  std::size_t stop) {
  std::size_t begin = hit.stop + 1;
  const bool may_be_apart = !line.free_text || line.kind != LineSpec::Kind::line;
  for (int blank = 0; may_be_apart && blank < 3 && begin < stop; ++blank) {
    if (text[begin] == '\n') ++begin;
  }
  if (begin >= stop) return {std::min(hit.value, stop), std::min(hit.value, stop)};
  return {begin, std::min(text.find('\n', begin), stop)};
}

}  // namespace

Region value_place(std::string_view text, const Layout& layout, const LabelHit& hit,
                   std::size_t stop, bool flattened) {
  const LineSpec& line = layout.lines[static_cast<std::size_t>(hit.line)];
  Region place{std::min(hit.value, stop), stop};
  if (!flattened && !line.multiline) {
    place.end = std::max(place.begin, std::min(hit.stop, stop));
    const Region words = without_blanks(text, place);
    if (words.begin == words.end) {
      place = line_below(text, line, hit, stop);
      if (place.begin == place.end) return place;
    }
  }
  return without_separator(text, layout.separator, place, flattened);
}

}  // namespace paymentctl
