#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/statements.hpp"
#include "post/poster.hpp"
#include "post/statement_pair.hpp"

namespace paymentctl {

/// Posts a statement's movements within a transaction that the caller holds: first every movement
/// goes through recognise(), then those that are left, in the statement's order, through post(). So
/// a movement takes no notice from another one that it belongs to more surely.
class StatementPoster {
 public:
  /// The ledger has the statement; `settings` and `statement` outlive the poster.
  StatementPoster(Ledger& ledger, const PostSettings& settings, const StatementRow& statement);

  enum class Recognised {
    done,      ///< an overlapping statement told of it, or a notice beyond doubt
    possible,  ///< there is a payment that it could be
    fresh,     ///< there is none
  };
  /// `content` is what identifies the movement; `line` gets its identity, which post() needs too.
  Recognised recognise(const Payment& payment, const std::string& content, StatementLine& line);

  void post(const Payment& payment, const StatementLine& line, Recognised recognised);

  struct Counts {
    std::int64_t created = 0;
    std::int64_t confirmed = 0;
    std::int64_t repeated = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// What a person should know, a sentence each.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  /// The identity of the `ordinal`th movement with that content.
  [[nodiscard]] std::string identity_of(const std::string& content, std::int64_t ordinal) const;

 private:
  [[nodiscard]] bool is_repeated(const std::string& content, StatementLine& line);
  std::optional<MovementPair> pair_of(const Payment& payment, bool& any);
  void confirm(const MovementPair& pair, const Payment& payment, const StatementLine& line);

  Ledger& ledger_;
  const PostSettings& settings_;
  const StatementRow& statement_;
  Poster poster_;
  std::vector<std::int64_t> preceding_;
  // What the movements need not be asked about one by one.
  bool may_repeat_;
  bool may_confirm_;
  bool overlaps_;
  std::map<std::string, std::int64_t> ordinals_;  ///< the last one used, by digest of the content
  Counts counts_;
  std::vector<std::string> warnings_;
};

/// "statement 3 of 2026-03-01 to 2026-03-31 on account 2052601819/2010".
std::string name_of(const StatementRow& statement);

}  // namespace paymentctl
