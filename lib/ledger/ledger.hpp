#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace paymentctl {

class Database;
class ServerShare;

/// One box of one company; everything in the ledger belongs to such a pair.
struct BoxKey {
  std::int64_t company = 0;
  std::int64_t box = 0;
};

enum class LedgerAccess {
  create,     ///< open, or create where there is none
  existing,   ///< a missing ledger is Error(no_input)
  read_only,  ///< dry run, status: existing, and nothing can be written
};

/// The database with documents, payments, allocations, messages and the outbox. Opening brings an
/// older schema up to date. Not for two threads at once; any number of processes may hold one.
///
/// Errors of every function on it: temporary (75) when another process holds it longer than the
/// busy timeout, io (74) when the disk is full or fails, permission (77) when it may not be
/// written; on a server also unavailable (69) when it is gone or cannot be reached. The functions
/// take values, never connections: one that is lost between two transactions is made again.
class Ledger {
 public:
  /// `location` is a file (UTF-8) for SQLite, or postgresql://user@host/database, which is never
  /// created but filled when empty. Refuses, as Error: a file that is no database, the database of
  /// another program (data), a schema newer than this program (config), a folder that is not there
  /// (cannot_create), a login (permission).
  static Ledger open(const std::string& location, LedgerAccess access = LedgerAccess::create,
                     int busy_timeout_ms = usual_busy_timeout_ms);
  static constexpr int usual_busy_timeout_ms = 10'000;

  /// For copy_ledger(): also takes what a copy that was broken off has left, which open() refuses
  /// (data), since it looks like a ledger and lacks documents and payments.
  static Ledger open_to_be_filled(const std::string& location);

  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  /// Another connection to the same ledger, for another thread. Their transactions take turns.
  [[nodiscard]] Ledger another() const;

  /// The box of that company, created at the first call. With read_only access a box that is not
  /// there yet has the key {0, 0}, which owns nothing.
  BoxKey box(const std::string& company, const std::string& box);

  /// Runs `work` in one write transaction: all or nothing. The write lock is taken at the start. A
  /// serialization failure repeats `work`, so it must not keep state of a try that failed.
  /// Whatever `work` throws rolls back and is thrown on. Within a transaction: a savepoint.
  void transaction(const std::function<void()>& work);

  /// Runs queries in one read transaction: on one state of the ledger, and faster than each alone.
  /// Within a transaction: as part of it.
  void reading(const std::function<void()>& work);

  /// Whoever keeps it keeps open what ledgers of the same server leave to the next ones:
  /// connections with all that is prepared on them. Null of a file.
  [[nodiscard]] std::shared_ptr<const void> connections() const { return share_; }

  /// Without a password.
  [[nodiscard]] const std::string& location() const;

  /// For the functions of lib/ledger only.
  [[nodiscard]] Database& database() { return *database_; }

 private:
  static Ledger open(const std::string& location, LedgerAccess access, int busy_timeout_ms,
                     bool works, bool takes_unfinished);
  Ledger();

  std::shared_ptr<ServerShare> share_;  ///< of a server only
  std::unique_ptr<Database> database_;
  std::string place_;
  int busy_timeout_ms_ = 0;
  bool read_only_ = false;
};

/// The schema that this program writes.
int newest_schema_version();

}  // namespace paymentctl
