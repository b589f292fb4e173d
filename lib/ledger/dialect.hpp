#pragma once

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

/// An index and the statement that makes it.
struct IndexText {
  std::string name;
  std::string create;
};

/// Everything in which one database differs from another. All other SQL is common to them.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// Connects and sets what makes the ledger durable.
  virtual void open(soci::session& session, LedgerAccess access) = 0;

  /// Takes the write lock at once: a read that turns into a write would fail whatever the timeout.
  [[nodiscard]] virtual const char* begin_write() const = 0;

  /// The type of a column that numbers its rows, as it stands behind the column's name.
  [[nodiscard]] virtual std::string_view identity_column() const = 0;

  /// A query for the id of the row that was inserted last. (RETURNING costs more than the rest of
  /// the statement, at least in SQLite, which builds a table for it.)
  [[nodiscard]] virtual const char* last_id() const = 0;

  [[nodiscard]] virtual bool has_table(soci::session& session, const std::string& table) = 0;
  /// True when there is no table at all.
  [[nodiscard]] virtual bool is_empty(soci::session& session) = 0;

  /// The indices of a table that CREATE INDEX has made. Error(software) for a fault.
  [[nodiscard]] virtual std::vector<IndexText> indices_of(soci::session& session,
                                                          const std::string& table) = 0;

  /// Never returns: throws the database's complaint as an Error for a person; SerializationFailure
  /// where trying again helps.
  virtual void refuse(soci::session& session, const soci::soci_error& error) = 0;
};

std::unique_ptr<Dialect> sqlite_dialect(std::string file, int busy_timeout_ms);

}  // namespace paymentctl
