#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "parse/field.hpp"
#include "parse/folded_text.hpp"
#include "parse/template.hpp"
#include "parse/trigrams.hpp"

namespace paymentctl {

/// What a match puts where.
struct Group {
  Field field = Field::any;
  int choice = -1;  ///< value of the choice; -1: the text itself
};

/// A regular expression that costs nothing until it is first asked for: of a bank's many patterns a
/// mail needs few.
class Expression {
 public:
  /// What wrote it: a template, or an author, who may use all that RE2 takes.
  enum class Syntax { ours, re2 };
  Expression(std::string text, Syntax syntax);

  /// Error(config) where the expression is none or gets too large.
  [[nodiscard]] const RE2& compiled() const;
  /// Finds the same in this text. IBANs are most of an expression that takes accounts; it does
  /// without those that the text cannot hold.
  [[nodiscard]] const RE2& compiled_for(const FoldedText& text) const;

 private:
  struct Lazy {
    std::once_flag once;
    std::unique_ptr<const RE2> expression;
  };
  [[nodiscard]] const RE2& made(Ibans ibans) const;

  std::string text_;
  Syntax syntax_;
  bool takes_ibans_;
  mutable std::array<Lazy, 3> by_ibans_;
};

/// A template as an expression over folded text.
struct Pattern {
  std::shared_ptr<const Expression> expression;
  /// One for each capture of the expression behind the first, which is the whole match.
  std::vector<Group> groups;
  /// Literals that every match holds, in their order; a quick test before the expression. Where the
  /// template has a choice, one of several runs of words must be there.
  using Words = std::vector<Trigrams::Word>;
  std::vector<std::vector<Words>> words;

  /// False where the region holds no match for sure. Of a whole text it takes the trigrams' word
  /// for it; the order of the words is the expression's affair.
  [[nodiscard]] bool may_be_in(const FoldedText& text, Region region) const;
};

enum class Anchor { whole, search, line_start };

/// Error(config) where the pattern has too many fields. Whether its expression gets too large shows
/// when that is compiled.
Pattern compile_pattern(const std::vector<Node>& nodes, Anchor anchor);

/// From an expression of the author's own over folded text, with groups (?P<field>…).
Pattern compile_regex(std::string_view expression, Anchor anchor);

}  // namespace paymentctl
