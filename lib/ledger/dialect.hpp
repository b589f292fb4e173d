#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <soci/soci.h>

#include "ledger/ledger.hpp"
#include "model/error.hpp"

namespace paymentctl {

/// A transaction that the database gave up because another one was in its way: it is repeated.
class SerializationFailure : public Error {
 public:
  using Error::Error;
};

/// The server is gone, or cannot be reached: what was not committed is taken back.
class ConnectionLost : public Error {
 public:
  using Error::Error;
};

/// An index and the statement that makes it.
struct IndexText {
  std::string name;
  std::string create;
};

/// A column as a copy has to know it.
struct ColumnText {
  std::string name;
  bool is_text = false;  ///< else a whole number
};

/// Everything in which one database differs from another. All other SQL is common to them.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// Connects and sets what makes the ledger durable. `works`: that has just been done to the same
  /// place.
  virtual void open(soci::session& session, LedgerAccess access, bool works) = 0;

  /// Takes the write lock at once: a read that turns into a write would fail whatever the timeout.
  [[nodiscard]] virtual const char* begin_write() const = 0;

  /// Begins a transaction that only reads, on one state of the ledger.
  [[nodiscard]] virtual const char* begin_read() const { return "BEGIN"; }

  virtual void commit(soci::session& session) { session << "COMMIT"; }

  /// From now on, and after connecting again, a transaction without a statement for so long is
  /// ended by the server.
  virtual void end_when_idle(soci::session& /*session*/, std::chrono::seconds /*length*/) {}

  /// Many rows were written since the last call, outside of a transaction: what the database knows
  /// of its tables may be out of date. Faults do no harm and are not told.
  virtual void learn_sizes(soci::session& /*session*/) noexcept {}

  /// Whether each statement is a way to a server and back, so that few large ones are to be
  /// preferred to many small ones.
  [[nodiscard]] virtual bool is_far() const { return false; }

  /// So many numbers that the table will give to no other row, each higher than those it gave
  /// before. Where is_far().
  virtual std::vector<std::int64_t> reserve_numbers(soci::session& /*session*/,
                                                    const std::string& /*table*/,
                                                    std::size_t /*count*/) {
    return {};
  }

  /// Whether the database refuses texts that are no UTF-8 or hold a NUL.
  [[nodiscard]] virtual bool takes_utf8_only() const { return false; }

  /// The type of a column that numbers its rows, as it stands behind the column's name.
  [[nodiscard]] virtual std::string_view identity_column() const = 0;

  /// An expression for the database's own time, in whole seconds since 1970 UTC.
  [[nodiscard]] virtual std::string_view seconds_now() const = 0;

  /// A query for the id of the row that was inserted last. (RETURNING costs more than the rest of
  /// the statement in SQLite, which builds a table for it.) nullptr where RETURNING is to be used.
  [[nodiscard]] virtual const char* last_id() const = 0;

  [[nodiscard]] virtual bool has_table(soci::session& session, const std::string& table) = 0;
  /// True when there is no table at all.
  [[nodiscard]] virtual bool is_empty(soci::session& session) = 0;

  /// The indices of a table that a large import may drop and make again; none where that would
  /// keep others from the table.
  [[nodiscard]] virtual std::vector<IndexText> indices_of(soci::session& session,
                                                          const std::string& table) = 0;

  /// In the order of the table.
  [[nodiscard]] virtual std::vector<ColumnText> columns_of(soci::session& session,
                                                           const std::string& table) = 0;

  /// Rows came with their numbers: the next one that the table numbers itself comes behind them.
  virtual void number_behind(soci::session& session, const std::string& table) = 0;

  /// Writes all of the database, as it is at one moment, into the empty SQLite file `file` (UTF-8);
  /// false where it is to be copied table by table.
  virtual bool copy_whole(soci::session& session, const std::string& file) = 0;

  /// Never returns: throws the database's complaint as an Error for a person; SerializationFailure
  /// where trying again helps, ConnectionLost where a new connection does.
  virtual void refuse(soci::session& session, const soci::soci_error& error) = 0;
};

std::unique_ptr<Dialect> sqlite_dialect(std::string file, int busy_timeout_ms);
/// `url` is what libpq takes, postgresql://user@host/database. Waits for locks of others at most
/// `busy_timeout_ms`.
std::unique_ptr<Dialect> postgresql_dialect(const std::string& url, int busy_timeout_ms);

}  // namespace paymentctl
