#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/cell.hpp"

namespace paymentctl {

/// Changes on their way to a database that is some way off: rows of one INSERT, and one UPDATE of
/// many ids, go there together.
class WaitingRows {
 public:
  /// Statements of these sizes are prepared, and no others.
  static constexpr std::size_t sizes[] = {64, 16, 4, 1};

  /// Of `sql`, which has "VALUES (…)" once. Where it `must_change`, each row has to change one.
  void insert(std::string_view sql, const std::vector<bool>& is_text, std::vector<Cell> row,
              bool must_change);

  /// Of `sql`, which ends in "… id": the row with that id gets `values`.
  void update(std::string_view sql, const std::vector<bool>& is_text, std::vector<Cell> values,
              std::int64_t id);

  [[nodiscard]] bool empty() const { return groups_.empty(); }
  [[nodiscard]] bool is_enough() const { return rows_ >= 64 * 4 || bytes_ >= most_bytes; }

  /// Whether a statement may see the table of one that waits; an empty one sees all.
  [[nodiscard]] bool concern(std::string_view sql) const;

  /// Hands over everything, table by table, and is empty then. `write` answers how
  /// many rows were changed; fewer than should be is an Error(software).
  using Write = std::function<std::int64_t(const std::string& sql, const std::vector<bool>& is_text,
                                           std::vector<Cell> cells)>;
  void write(const Write& write);

  void clear() { *this = WaitingRows(); }

 private:
  /// More than that does not wait, whatever the mails' size.
  static constexpr std::size_t most_bytes = std::size_t{4} << 20;

  struct Group {
    std::string sql;
    std::string table;
    std::vector<bool> is_text;
    std::vector<Cell> values;             ///< of an update
    std::vector<std::vector<Cell>> rows;  ///< of an insert its values, of an update an id each
    bool is_insert = true;
    bool must_change = false;
  };

  void count(const std::vector<Cell>& row);
  static void write(Group& group, const Write& write);

  std::vector<Group> groups_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
};

/// "…VALUES (:a, :b) …" with so many tuples, each with names of its own.
std::string with_rows(std::string_view insert, std::size_t rows);

/// "(:x0, :x1, …)".
std::string list_of(std::string_view name, std::size_t size);

/// With a list of so many names for each "{list}", and so many tuples of `width` for "{rows}".
std::string with_lists(std::string_view sql, std::size_t size, std::size_t width);

/// The largest of WaitingRows::sizes that is no more than `left`.
std::size_t piece_of(std::size_t left);

}  // namespace paymentctl
