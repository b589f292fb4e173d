#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <soci/soci.h>

#include "ledger/dialect.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

/// One value on its way into or out of the database. Every column is a text or a whole number.
struct Cell {
  std::string text;
  long long number = 0;
  soci::indicator indicator = soci::i_null;
};

inline void put(Cell& cell, std::string_view value) {
  cell.text.assign(value);
  cell.indicator = soci::i_ok;
}
template <typename Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
void put(Cell& cell, Number value) {
  cell.number = static_cast<long long>(value);
  cell.indicator = soci::i_ok;
}
template <typename Value>
void put(Cell& cell, const std::optional<Value>& value) {
  if (value) {
    put(cell, *value);
  } else {
    cell.indicator = soci::i_null;
  }
}

inline void take(Cell& cell, std::string& value) {
  if (cell.indicator == soci::i_ok) value = cell.text;
}
template <typename Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
void take(Cell& cell, Number& value) {
  if (cell.indicator == soci::i_ok) value = static_cast<Number>(cell.number);
}
template <typename Value>
void take(Cell& cell, std::optional<Value>& value) {
  if (cell.indicator == soci::i_ok) take(cell, value.emplace());
}

template <typename Value>
struct IsText : std::bool_constant<!std::is_integral_v<Value>> {};
template <typename Value>
struct IsText<std::optional<Value>> : IsText<Value> {};

/// A prepared statement with the places of its values, which never move.
class Statement {
 public:
  Statement(soci::session& session, const std::string& sql, const std::vector<bool>& inputs_text,
            const std::vector<bool>& outputs_text);

  std::vector<Cell> in;
  std::vector<Cell> out;
  soci::statement statement;
};

/// A connection with its prepared statements. Every fault leaves it as an Error.
class Database {
 public:
  Database(std::string location, std::unique_ptr<Dialect> dialect);

  void open(LedgerAccess access);

  /// All rows of a query; what could be many is asked for in pages. Placeholders are :a, :b and so
  /// on in the order of `values`.
  template <typename... Out, typename... In>
  std::vector<std::tuple<Out...>> rows(std::string_view sql, const In&... values) {
    return guarded(sql, [&] {
      Statement& prepared = ready<In...>(sql, {IsText<Out>::value...}, values...);
      std::vector<std::tuple<Out...>> all;
      prepared.statement.execute(false);
      while (prepared.statement.fetch()) {
        all.push_back(row_of<Out...>(prepared.out, std::index_sequence_for<Out...>()));
      }
      return all;
    });
  }

  /// The first row, if there is one.
  template <typename... Out, typename... In>
  std::optional<std::tuple<Out...>> row(std::string_view sql, const In&... values) {
    auto all = rows<Out...>(sql, values...);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  }

  /// A statement without rows; how many rows it changed.
  template <typename... In>
  std::int64_t run(std::string_view sql, const In&... values) {
    return guarded(sql, [&] {
      Statement& prepared = ready<In...>(sql, {}, values...);
      prepared.statement.execute(true);
      const auto changed = static_cast<std::int64_t>(prepared.statement.get_affected_rows());
      written_ += changed;
      return changed;
    });
  }

  /// A statement that inserts one row; its id.
  template <typename... In>
  std::int64_t insert(std::string_view sql, const In&... values) {
    const char* last_id = dialect_->last_id();
    if (last_id == nullptr) {
      ++written_;
      return std::get<0>(row<std::int64_t>(std::string(sql) + " RETURNING id", values...).value());
    }
    run(sql, values...);
    return std::get<0>(row<std::int64_t>(last_id).value());
  }

  /// A statement on columns that only the database knows: `fill` puts its values, `take` is called
  /// with each row. How many rows it changed.
  std::int64_t run_columns(const std::string& sql, const std::vector<bool>& inputs_text,
                           const std::vector<bool>& outputs_text,
                           const std::function<void(std::vector<Cell>& in)>& fill,
                           const std::function<void(const std::vector<Cell>& out)>& take);

  /// A statement that is not worth preparing.
  void execute(const std::string& sql);

  [[nodiscard]] std::vector<IndexText> indices_of(const std::string& table);
  [[nodiscard]] std::vector<ColumnText> columns_of(const std::string& table);
  void number_behind(const std::string& table);
  bool copy_whole(const std::string& file);

  /// As a database keeps them that takes UTF-8 only: each byte that is no part of a character, and
  /// each NUL, becomes U+FFFD.
  static void make_utf8(std::vector<Cell>& cells);

  void transaction(const std::function<void()>& work);
  void reading(const std::function<void()>& work);

  /// From now on each transaction and reading() begins with `check`, which ends it by throwing.
  void begin_with(std::function<void(Database&)> check) { check_ = std::move(check); }
  void begin_as(const Database& other) { check_ = other.check_; }
  void end_when_idle(std::chrono::seconds length);

  /// From now on one of the two waits while the other has a transaction: the database would let it
  /// try again after pauses that grow. Before either is given to another thread.
  void take_turns_with(const Database& other) { turn_ = other.turn_; }

  [[nodiscard]] const std::string& location() const { return location_; }
  [[nodiscard]] Dialect& dialect() { return *dialect_; }
  [[nodiscard]] soci::session& session() { return session_; }

 private:
  Statement& prepared(std::string_view sql, const std::vector<bool>& inputs_text,
                      const std::vector<bool>& outputs_text);
  void savepoint(const std::function<void()>& work);
  void roll_back(const std::string& sql) noexcept;
  void give_up() noexcept;

  template <typename... In>
  Statement& ready(std::string_view sql, const std::vector<bool>& outputs_text,
                   const In&... values) {
    static const std::vector<bool> inputs_text = {IsText<In>::value...};
    Statement& found = prepared(sql, inputs_text, outputs_text);
    std::size_t index = 0;
    (put(found.in[index++], values), ...);
    static_cast<void>(index);
    if (utf8_only_) make_utf8(found.in);
    return found;
  }

  template <typename... Out, std::size_t... Index>
  static std::tuple<Out...> row_of(std::vector<Cell>& cells, std::index_sequence<Index...>) {
    std::tuple<Out...> row;
    (take(cells[Index], std::get<Index>(row)), ...);
    return row;
  }

  template <typename Work>
  auto guarded(std::string_view sql, Work&& work) {
    // A query by itself can be asked again on a new connection, where the old one is gone.
    for (bool last_try = depth_ > 0 || !sql.starts_with("SELECT");; last_try = true) {
      if (lost_) connect_again();
      try {
        return work();
      } catch (const soci::soci_error& error) {
        forget(sql);
        refuse(error, last_try);
      }
    }
  }
  void forget(std::string_view sql);
  /// Throws, unless the connection is gone and it was not the last try.
  void refuse(const soci::soci_error& error, bool last_try);
  /// Error(ConnectionLost) within a transaction, which went with its connection.
  void connect_again();

  std::string location_;
  std::unique_ptr<Dialect> dialect_;
  const bool utf8_only_;
  LedgerAccess access_ = LedgerAccess::read_only;
  soci::session session_;
  std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements_;
  std::function<void(Database&)> check_;
  std::shared_ptr<std::mutex> turn_ = std::make_shared<std::mutex>();
  /// Rows since it was opened, and how many of them are worth a look at the tables' sizes.
  std::int64_t written_ = 0;
  std::int64_t next_look_ = 200;
  int depth_ = 0;
  bool lost_ = false;
};

inline std::int64_t to_seconds(Timestamp moment) {
  return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}
inline Timestamp from_seconds(std::int64_t seconds) {
  return Timestamp(std::chrono::seconds(seconds));
}

/// "(:s0, :s1, …)" would need a statement for each length; a list of words from our own
/// enumerations stands in the text instead: "'paid','open'".
template <typename Values>
std::string quoted_names(const Values& values) {
  std::string list;
  for (const auto& value : values) {
    if (!list.empty()) list += ',';
    list += '\'' + std::string(name_of(value)) + '\'';
  }
  return list;
}

}  // namespace paymentctl
