#pragma once

#include "parse/reading.hpp"

namespace paymentctl {

/// A value on the line below an empty label is believed only where it looks like one: the label
/// may as well be empty and the next line something else.
bool could_be(const FoldedText& text, const ValuePattern& value, Region place);

/// Behind the last symbol of a flattened text unknown words may follow.
Region first_word_of_symbol(const FoldedText& text, const ValuePattern& value, Region place);

/// Whether what stands at `place` has the shape of the value; then its pieces are added to the
/// reading. With a loose end words may follow it that nobody knows.
bool fits(const FoldedText& text, const LineSpec& line, const ValuePattern& value, Region place,
          bool loose_end, Reading& reading);

/// Adds what an expression has captured in `text`. `parts` are the match, the words without what
/// stands around them, and one for each group of the pattern.
void take_groups(const LineSpec& line, const ValuePattern& value, const FoldedText& text,
                 const re2::StringPiece* parts, bool in_subject, Reading& reading);

}  // namespace paymentctl
