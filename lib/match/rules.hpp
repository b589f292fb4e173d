#pragma once

#include <optional>
#include <string>
#include <vector>

#include "match/match.hpp"

namespace paymentctl {

/// What one match knows and hands from rule to rule. A rule answers nullopt when it has nothing to
/// say, and the next one is asked.
struct Case {
  const Payment& payment;
  DocumentFinder& documents;
  const MatchSettings& settings;
  /// Partners who own the counter-account; none when it is unknown.
  std::vector<std::string> owners;
  /// The owners, or, where the account is nobody's, those whose documents it has paid before. Good
  /// for a doubt, never for an allocation. Filled for a usable symbol.
  std::vector<std::string> payers;
  /// A usable symbol that belongs to no document of any state.
  bool foreign_symbol = false;
};

using Answer = std::optional<MatchResult>;

/// Outstanding amounts that count as exactly the payment's.
AmountRange exact_range(const Case& match);

MatchResult settled(const Case& match, MatchStatus status, MatchRule rule,
                    const std::vector<Document>& documents, std::string why);
MatchResult unmatched(const Case& match, const std::vector<Document>& candidates, std::string why);
MatchResult ambiguous(const Case& match, std::optional<MatchRule> rule,
                      const std::vector<Document>& candidates, std::string why);

/// Due first, then issued first, then by number; without a day last.
void sort_by_due(std::vector<Document>& documents);
bool of_one_partner(const std::vector<Document>& documents);
bool owned_by(const Document& document, const std::vector<std::string>& owners);
/// Among documents that all fit exactly: nearest amounts first; the one answer, if there is one.
std::optional<Document> only_answer(const Case& match, std::vector<Document> fitting);

/// Why a document with the payment's symbol is perhaps not the one that was meant, with everything
/// that may have been; nullopt where nothing speaks against it.
struct Doubt {
  std::vector<Document> candidates;
  std::string why;
};
/// `document` owes exactly what was paid.
std::optional<Doubt> doubt_exact(const Case& match, const Document& document);
/// `document` owes more or less than what was paid.
std::optional<Doubt> doubt_other_amount(const Case& match, const Document& document);

/// Every symbol that one slip of the finger turns into this one: a digit replaced, lost or typed in
/// excess, two neighbours swapped. Without leading zeros, at most 10 digits.
std::vector<std::string> one_slip_from(const std::string& symbol);

// The rules, each in the file of its name.
Answer match_by_symbol(Case& match);
Answer match_by_account(const Case& match);
Answer match_by_message(const Case& match);
Answer match_by_sum(const Case& match);

/// Digits of the numbers that a message names, without leading zeros; "2026-0012" gives "20260012".
std::vector<std::string> numbers_in(const std::string& message);
/// The digits of a text without leading zeros.
std::string digits_of(std::string_view text);

}  // namespace paymentctl
