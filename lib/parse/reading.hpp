#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parse/folded_text.hpp"
#include "parse/format.hpp"

namespace paymentctl {

/// A field's value where it stands.
struct Capture {
  Field field = Field::any;
  Region place;
  int choice = -1;          ///< of a direction or kind
  bool in_subject = false;  ///< `place` is one of the folded subject
  const LineSpec* line = nullptr;
  const ValuePattern* value = nullptr;
};

/// A line of the layout in the text.
struct FoundLine {
  const LineSpec* line = nullptr;
  Region place;  ///< label and value
};

/// What a layout finds in a text.
struct Reading {
  const Layout* layout = nullptr;
  std::vector<FoundLine> found;
  std::vector<Capture> captures;
  const LineSpec* missing = nullptr;  ///< the first required line that is not there
  std::string trouble;                ///< why the text must not be believed, though all is there
  bool flattened = false;

  [[nodiscard]] bool complete() const { return layout != nullptr && missing == nullptr; }
};

/// Everything of a mail that a layout looks at. `text` must outlive it.
struct FoldedMail {
  FoldedMail(std::string_view text, std::string_view subject_line);
  FoldedMail(const FoldedMail&) = delete;
  FoldedMail& operator=(const FoldedMail&) = delete;

  FoldedText body;
  std::string subject_source;  ///< underscores as blanks, as one bank writes them
  FoldedText subject;
};

/// False where a required line of the layout is missing for sure; cheap.
bool may_apply(const FoldedMail& mail, Region region, const Layout& layout);

/// Whether a line of the layout that states the amount is in the region, wherever it stands.
bool holds_amount(const FoldedMail& mail, Region region, const Layout& layout);

/// Reads the region by lines, or flattened where the labels stand within lines.
Reading read_layout(const FoldedMail& mail, Region region, const Layout& layout);

/// Where `pattern` is found first; nullopt where it is not.
std::optional<Region> find_pattern(const FoldedText& text, Region region, const Pattern& pattern);

}  // namespace paymentctl
