#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parse/trigrams.hpp"

namespace paymentctl {

/// The blanks that a folded text has.
constexpr bool is_space(char c) { return c == ' ' || c == '\n'; }

/// No place in a text.
inline constexpr std::size_t nowhere = std::string_view::npos;

/// A stretch of FoldedText::text.
struct Region {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Which IBANs a text may hold: those of Czech and Slovak banks are all of one length.
enum class Ibans : std::uint8_t { none, czech_and_slovak, any };

/// A text as labels are compared in it: no diacritics, lower case, every blank or run of blanks one
/// blank, none at the ends of a line, zero-width characters gone, "> " of quoted lines gone. Lines
/// stay apart by '\n'. `origin` leads from each byte back to the text it came from.
struct FoldedText {
  struct Line {
    std::uint32_t begin = 0;  ///< of the folded text
    std::uint32_t end = 0;
  };

  std::string text;
  std::vector<std::uint32_t> origin;  ///< text.size() + 1 entries
  std::vector<Line> lines;
  std::string_view original;  ///< must outlive this
  Trigrams trigrams;
  Ibans ibans = Ibans::none;

  [[nodiscard]] std::string_view view(std::size_t begin, std::size_t end) const {
    return std::string_view(text).substr(begin, end - begin);
  }
  [[nodiscard]] std::string_view view(Region region) const {
    return view(region.begin, region.end);
  }
  [[nodiscard]] Region all() const { return {0, text.size()}; }
  [[nodiscard]] bool is_all(Region region) const {
    return region.begin == 0 && region.end == text.size();
  }
  /// What stood there: diacritics and case kept, lines and runs of blanks joined by one blank.
  [[nodiscard]] std::string value(std::size_t begin, std::size_t end) const;
};

/// `text` is valid UTF-8 (lib/mail guarantees it); any other bytes are dropped, never a fault.
FoldedText fold(std::string_view text);

/// The same for short texts of formats and subjects, as one line without the way back.
std::string fold_words(std::string_view text);

}  // namespace paymentctl
