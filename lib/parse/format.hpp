#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/payment.hpp"
#include "parse/catalog.hpp"
#include "parse/pattern.hpp"

namespace paymentctl {

/// Something that a line or a choice says without spelling a value.
struct Preset {
  Field field = Field::direction;
  int value = 0;
};

/// How a value is taken apart, the cheap shapes before the expression.
struct ValuePattern {
  enum class Shape : std::uint8_t {
    nothing,  ///< the label says all
    single,   ///< one field
    amount,   ///< an amount and perhaps a currency
    choice,   ///< one of some words
    general,  ///< the expression
  };
  Shape shape = Shape::nothing;
  Field field = Field::any;     ///< of single and amount
  Field currency = Field::any;  ///< of amount: what becomes of the currency
  bool may_be_empty = true;
  bool takes_currency = false;
  bool currency_required = false;
  std::string completion;  ///< of an account: "670100-22#"
  std::vector<Choice> choices;
  Pattern pattern;
  std::vector<Preset> presets;  ///< where the value has this shape
};

/// The words a line begins with, folded, without blanks around colons.
struct Label {
  std::string words;
  /// The same without blanks and colons: blanks may be line ends, and may stand around colons.
  std::vector<Trigrams::Word> parts;
  std::vector<Preset> presets;
};

/// A line, cell or sentence of a mail as its format expects it.
struct LineSpec {
  enum class Kind : std::uint8_t { line, cell, sentence, subject };
  Kind kind = Kind::line;
  bool required = true;
  bool multiline = false;
  bool free_text = false;            ///< any text may stand in it
  bool payers_words = false;         ///< message, note, name: text that a stranger has written
  bool whole = false;                ///< the value begins with the label
  std::vector<Label> labels;         ///< of line and cell
  std::vector<ValuePattern> values;  ///< tried in this order; of sentence and subject exactly one
  std::vector<Preset> presets;
  std::string text;  ///< as the author wrote it
  int file_line = 0;
};

/// Labels by their first byte, the longest first, so that a line start is looked up in no time.
struct LabelIndex {
  struct Entry {
    std::string words;
    int line = 0;   ///< of Layout::lines; negative: a footer
    int label = 0;  ///< of LineSpec::labels
  };
  std::vector<Entry> entries;
  std::array<std::uint16_t, 257> starts{};
};

/// One arrangement of lines.
struct Layout {
  std::vector<LineSpec> lines;
  LabelIndex index;
  std::vector<Preset> presets;
  std::vector<std::string> footers;  ///< folded words that end the text
  std::string separator;             ///< folded; between items on one line, or empty
};

/// A mail, or an item of one, that tells of no movement. All conditions that are given must hold.
struct IgnoreRule {
  std::string id;
  std::string reason;
  std::optional<Pattern> subject;
  std::optional<Pattern> line;
  std::optional<Pattern> sentence;
  std::optional<Pattern> unless;  ///< a sentence that must not be there
  bool attachment = false;        ///< only where the mail has one
  std::string file_type;          ///< of the attachment, "zip"; empty: any
  std::string sender;             ///< address in From, lower case; empty: any
  int file_line = 0;
  std::string file;
  std::string definition;
};

struct Block {
  Pattern begin;
  bool balances_add_up = false;  ///< each item's balance is the one before it and its amount
  std::vector<IgnoreRule> ignores;
};

struct Format {
  FormatFacts facts;
  std::string definition;
  std::vector<std::string> bank_footers;  ///< definitions of the bank's footers that hold for it
  bool sign_first = false;
  std::optional<Direction> unsigned_direction;
  std::optional<Layout> shared;  ///< lines outside the blocks
  std::optional<Block> block;
  std::vector<Layout> layouts;
};

/// Formats and ignore rules in the order in which they are tried.
struct Rule {
  std::optional<IgnoreRule> ignore;
  std::optional<Format> format;
};

struct Bank {
  BankFacts facts;
  std::vector<std::string> own_codes;  ///< facts.code and others of accounts that are ours
  std::vector<Rule> rules;
  bool replaces = false;
  std::vector<std::string> files;
};

}  // namespace paymentctl
