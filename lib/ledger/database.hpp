#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <soci/soci.h>

#include "ledger/cell.hpp"
#include "ledger/dialect.hpp"
#include "ledger/waiting_rows.hpp"
#include "ledger/write_turns.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

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

  /// `works`: another one of this process has just been opened there.
  void open(LedgerAccess access, bool works = false);

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

  /// All rows of a query about many values at once. Each "{list}" in it becomes a list of one of
  /// `columns`, or its one "{rows}" a table of all of them, "(VALUES (…), …)"; the columns are
  /// equally long, and asked about in pieces. The places of `values` stand before those.
  template <typename... Out, typename... In>
  std::vector<std::tuple<Out...>> rows_among(std::string_view sql,
                                             const std::vector<std::vector<std::string>>& columns,
                                             const In&... values) {
    std::vector<std::tuple<Out...>> all;
    const std::size_t count = columns.front().size();
    const bool by_row = sql.find("{rows}") != std::string_view::npos;
    for (std::size_t at = 0; at < count;) {
      const std::size_t size = piece_of(count - at);
      std::vector<Cell> cells = cells_of(values...);
      const std::size_t width = columns.size();
      for (std::size_t i = 0; i < size * width; ++i) {
        put(cells.emplace_back(),
            by_row ? columns[i % width][at + i / width] : columns[i / size][at + i % size]);
      }
      std::vector<bool> inputs_text = {IsText<In>::value...};
      inputs_text.resize(cells.size(), true);
      run_columns(
          with_lists(sql, size, width), inputs_text, {IsText<Out>::value...},
          [&cells](std::vector<Cell>& in) { std::copy(cells.begin(), cells.end(), in.begin()); },
          [&all](const std::vector<Cell>& out) {
            all.push_back(row_of<Out...>(out, std::index_sequence_for<Out...>()));
          });
      at += size;
    }
    return all;
  }

  /// Whether it is worth while to ask for much at once instead of for each when it is needed.
  [[nodiscard]] bool is_far() const { return is_far_; }

  /// Of a server, whose every answer takes its time: within a transaction the numbers of the next
  /// `count` rows of the table, for insert_numbered. Of one box, later rows have higher numbers.
  void reserve(const std::string& table, std::size_t count);

  /// A statement that inserts one row, "INSERT INTO table (id, …) VALUES (:id, …)", whose values
  /// behind the id are given; its id. It may wait, as with insert_later.
  template <typename... In>
  std::int64_t insert_numbered(const std::string& table, std::string_view sql,
                               const In&... values) {
    if (!is_far_) {
      run(sql, std::optional<std::int64_t>(), values...);
      return std::get<0>(row<std::int64_t>(dialect_->last_id()).value());
    }
    const std::int64_t id = next_number(table);
    insert_later(sql, id, values...);
    return id;
  }

  /// A statement that inserts one row by "VALUES (…)". In a transaction on a server it waits for
  /// others of its kind; what names their table, a savepoint and the end of the transaction write
  /// them first. So a fault of a row may be that of a later statement.
  template <typename... In>
  void insert_later(std::string_view sql, const In&... values) {
    if (!may_wait()) {
      run(sql, values...);
      return;
    }
    waiting_.insert(sql, {IsText<In>::value...}, cells_of(values...), false);
    if (waiting_.is_enough()) write_waiting();
  }

  /// A statement that changes one row, `key` among those of its table, or else is an
  /// Error(software). `sql` does so by itself; `many` says the same of a "VALUES (…)" of all
  /// values.
  template <typename... In>
  void change_later(const std::string& key, std::string_view sql, std::string_view many,
                    const In&... values) {
    if (!may_wait()) {
      if (run(sql, values...) != 1) refuse_missing(sql, key);
      return;
    }
    if (!marks_.insert(key).second) write_waiting();
    waiting_.insert(many, {IsText<In>::value...}, cells_of(values...), true);
    if (waiting_.is_enough()) write_waiting();
  }

  /// A statement that ends in "… id" and changes the row with that id, which has to be there. It
  /// waits as a row of insert_later does.
  template <typename... In>
  void update_later(std::string_view sql, std::int64_t id, const In&... values) {
    if (!may_wait()) {
      if (run(std::string(sql) + " = :id", values..., id) != 1)
        refuse_missing(sql, std::to_string(id));
      return;
    }
    // In order where one changes again what waits.
    if (!marks_.insert(std::string(sql) + std::to_string(id)).second) write_waiting();
    waiting_.update(sql, {IsText<In>::value...}, cells_of(values...), id);
    if (waiting_.is_enough()) write_waiting();
  }

  /// This transaction changes rows about which apart_from() or is_absent() may be asked so.
  void mark(const std::string& key) {
    absent_.erase(key);
    if (may_wait()) marks_.insert(key);
  }

  /// There are no rows of which mark() would say so, until it does.
  void note_absent(std::string key) {
    if (depth_ == 1) absent_.insert(std::move(key));
  }
  [[nodiscard]] bool is_absent(const std::string& key) const { return absent_.count(key) > 0; }

  /// Queries that nothing of this transaction which waits can concern, unless it was marked so.
  template <typename Work>
  auto apart_from(const std::string& key, Work&& work) {
    if (marks_.count(key) > 0) write_waiting();
    const Apart apart(is_apart_);
    return work();
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

  /// The text as a query gives it back once it is written.
  [[nodiscard]] std::string as_kept(const std::string& text) const;

  void transaction(const std::function<void()>& work);
  void reading(const std::function<void()>& work);

  /// From now on each transaction and reading() begins with `check`, which ends it by throwing.
  void begin_with(std::function<void(Database&)> check) { check_ = std::move(check); }
  /// A transaction in which its user stands still for so long is ended by the server.
  void end_when_idle(std::chrono::seconds length);
  /// The same two as another one has them.
  void begin_as(const Database& other);

  /// Forgets what its user has set, so that another one may have it; false when it should not be
  /// used any more. How long a transaction may be idle stays as it is.
  bool be_as_new() noexcept;

  /// From now on one of the two waits while the other has a transaction: the database would let it
  /// try again after pauses that grow. Before either is given to another thread.
  void take_turns_with(const Database& other) { turn_ = other.turn_; }

  /// From now on the transactions that have to be repeated are alone in this process.
  void take_turns_with(std::shared_ptr<WriteTurns> others) { turns_ = std::move(others); }

  [[nodiscard]] const std::string& location() const { return location_; }
  [[nodiscard]] Dialect& dialect() { return *dialect_; }
  [[nodiscard]] soci::session& session() { return session_; }

 private:
  /// While statements leave alone what waits.
  class Apart {
   public:
    explicit Apart(bool& flag) : flag_(flag), before_(flag) { flag = true; }
    ~Apart() { flag_ = before_; }
    Apart(const Apart&) = delete;
    Apart& operator=(const Apart&) = delete;

   private:
    bool& flag_;
    const bool before_;
  };

  [[nodiscard]] bool may_wait() const { return is_far_ && depth_ > 0; }
  void write_waiting();
  [[noreturn]] static void refuse_missing(std::string_view sql, const std::string& key);
  std::int64_t next_number(const std::string& table);

  template <typename... In>
  static std::vector<Cell> cells_of(const In&... values) {
    std::vector<Cell> cells(sizeof...(In));
    std::size_t index = 0;
    (put(cells[index++], values), ...);
    static_cast<void>(index);
    return cells;
  }

  Statement& prepared(std::string_view sql, const std::vector<bool>& inputs_text,
                      const std::vector<bool>& outputs_text);
  void savepoint(const std::function<void()>& work);
  void roll_back(const std::string& sql) noexcept;
  void give_up() noexcept;
  void forget_transaction() noexcept;

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
  static std::tuple<Out...> row_of(const std::vector<Cell>& cells, std::index_sequence<Index...>) {
    std::tuple<Out...> row;
    (take(cells[Index], std::get<Index>(row)), ...);
    return row;
  }

  template <typename Work>
  auto guarded(std::string_view sql, Work&& work) {
    if (!waiting_.empty() && !is_apart_ && waiting_.concern(sql)) write_waiting();
    // A query by itself can be asked again on a new connection, where the old one is gone; so can
    // what begins a transaction.
    const bool is_harmless = sql.starts_with("SELECT") || sql.starts_with("BEGIN");
    for (bool last_try = depth_ > 0 || !is_harmless;; last_try = true) {
      if (lost_) connect_again();
      try {
        return work();
      } catch (const soci::soci_error& error) {
        refuse(error, sql, last_try);
      }
    }
  }
  void forget(std::string_view sql);
  /// Throws, unless the connection is gone and it was not the last try. The statement stays
  /// prepared where its transaction will be tried again.
  void refuse(const soci::soci_error& error, std::string_view sql, bool last_try);
  /// Error(ConnectionLost) within a transaction, which went with its connection.
  void connect_again();

  std::string location_;
  std::unique_ptr<Dialect> dialect_;
  const bool utf8_only_;
  const bool is_far_;
  LedgerAccess access_ = LedgerAccess::read_only;
  soci::session session_;
  std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements_;
  std::function<void(Database&)> check_;
  std::chrono::seconds longest_idle_{0};
  std::shared_ptr<WriteTurns> turns_;
  std::shared_ptr<std::mutex> turn_ = std::make_shared<std::mutex>();
  /// Rows since it was opened, and how many of them are worth a look at the tables' sizes.
  std::int64_t written_ = 0;
  std::int64_t next_look_ = 200;
  WaitingRows waiting_;
  std::set<std::string> marks_;
  std::set<std::string> absent_;
  bool is_apart_ = false;
  std::map<std::string, std::vector<std::int64_t>, std::less<>> numbers_;  ///< the next one last
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
