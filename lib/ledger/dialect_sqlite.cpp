#include <chrono>
#include <filesystem>

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "ledger/dialect.hpp"
#include "platform/create_file.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/random.hpp"

namespace paymentctl {
namespace {

namespace fs = std::filesystem;

class SqliteDialect : public Dialect {
 public:
  SqliteDialect(std::string file, int busy_timeout_ms)
      : file_(std::move(file)), busy_timeout_ms_(busy_timeout_ms) {}

  void open(soci::session& session, LedgerAccess access, bool /*works*/) override {
    // SOCI's connection string has no way to quote a quotation mark.
    if (file_.find('"') != std::string::npos) {
      throw Error(ExitCode::config, fmt::format("{}: the name of a ledger cannot hold a quotation "
                                                "mark; rename it",
                                                file_));
    }
    const bool read_only = access == LedgerAccess::read_only;
    try {
      prepare_file(access);
      session.open(soci::sqlite3,
                   fmt::format("dbname=\"{}\"{}", file_, read_only ? " readonly=true" : ""));
      session << fmt::format("PRAGMA busy_timeout = {}", busy_timeout_ms_);
      session << "PRAGMA foreign_keys = ON";
      if (!read_only) keep_log(session);
      session << "PRAGMA synchronous = FULL";
      // In KiB, and in bytes for all connections together.
      session << "PRAGMA cache_size = -40000";
      session << "PRAGMA soft_heap_limit = 41943040";
      // In pages of 4 KiB. A page that several transactions have changed is copied once.
      session << "PRAGMA wal_autocheckpoint = 8000";
    } catch (const soci::soci_error& error) {
      refuse(session, error);
    }
  }

  [[nodiscard]] const char* begin_write() const override { return "BEGIN IMMEDIATE"; }

  [[nodiscard]] std::string_view identity_column() const override {
    return "INTEGER PRIMARY KEY AUTOINCREMENT";
  }

  [[nodiscard]] std::string_view seconds_now() const override {
    return "CAST(strftime('%s', 'now') AS INTEGER)";
  }

  [[nodiscard]] const char* last_id() const override { return "SELECT last_insert_rowid()"; }

  [[nodiscard]] bool has_table(soci::session& session, const std::string& table) override {
    int count = 0;
    session << "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = :name",
        soci::use(table), soci::into(count);
    return count > 0;
  }

  [[nodiscard]] bool is_empty(soci::session& session) override {
    int count = 0;
    session << "SELECT COUNT(*) FROM sqlite_master", soci::into(count);
    return count == 0;
  }

  [[nodiscard]] std::vector<IndexText> indices_of(soci::session& session,
                                                  const std::string& table) override {
    IndexText next;
    soci::statement select =
        (session.prepare << "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND "
                            "tbl_name = :table AND sql IS NOT NULL ORDER BY name",
         soci::use(table), soci::into(next.name), soci::into(next.create));
    std::vector<IndexText> found;
    select.execute(false);
    while (select.fetch()) found.push_back(next);
    return found;
  }

  [[nodiscard]] std::vector<ColumnText> columns_of(soci::session& session,
                                                   const std::string& table) override {
    std::string name;
    std::string type;
    soci::statement select =
        (session.prepare << "SELECT name, type FROM pragma_table_info(:name) ORDER BY cid",
         soci::use(table), soci::into(name), soci::into(type));
    std::vector<ColumnText> found;
    select.execute(false);
    while (select.fetch()) found.push_back({name, type == "TEXT"});
    return found;
  }

  bool copy_whole(soci::session& session, const std::string& file) override {
    session << "VACUUM INTO :file", soci::use(file);
    return true;
  }

  /// AUTOINCREMENT sees to it.
  void number_behind(soci::session& /*session*/, const std::string& /*table*/) override {}

  void refuse(soci::session& session, const soci::soci_error& error) override {
    using namespace sqlite_api;
    int code = SQLITE_ERROR;
    if (const auto* own = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
      code = own->result();
    }
    if (auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
        backend != nullptr && backend->conn_ != nullptr) {
      if (const int latest = sqlite3_errcode(backend->conn_); latest > SQLITE_OK && latest < 100) {
        code = latest;
      }
    }
    const std::string_view why = sqlite3_errstr(code);
    switch (code & 0xff) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        throw Error(ExitCode::temporary,
                    fmt::format("ledger {} is held by another process; try again later", file_));
      case SQLITE_FULL:
        throw Error(ExitCode::io, fmt::format("ledger {}: the disk is full; make room, nothing was "
                                              "changed",
                                              file_));
      case SQLITE_IOERR:
        throw Error(ExitCode::io, fmt::format("ledger {}: the disk failed ({}); check it and its "
                                              "free space, nothing was changed",
                                              file_, why));
      case SQLITE_READONLY:
      case SQLITE_PERM:
      case SQLITE_AUTH:
        throw Error(ExitCode::permission,
                    fmt::format("ledger {} may not be written to; check the rights of the file and "
                                "of its folder",
                                file_));
      case SQLITE_CANTOPEN:
        throw Error(ExitCode::cannot_create,
                    fmt::format("ledger {} or a file beside it cannot be opened; check that the "
                                "folder is there and may be written to",
                                file_));
      case SQLITE_NOTADB:
        throw Error(ExitCode::data, fmt::format("{} is not a ledger, not even a database; check "
                                                "the key ledger in box.xml",
                                                file_));
      case SQLITE_CORRUPT:
        throw Error(ExitCode::data,
                    fmt::format("ledger {} is damaged; restore it from a backup", file_));
      default:
        throw Error(ExitCode::software,
                    fmt::format("ledger {}: {} ({})", file_, error.get_error_message(), why));
    }
  }

 private:
  /// Where two make a ledger at once SQLite does not wait for the other here, whatever the timeout.
  void keep_log(soci::session& session) const {
    const auto last_try =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(busy_timeout_ms_);
    while (true) {
      try {
        std::string mode;
        session << "PRAGMA journal_mode", soci::into(mode);
        if (mode != "wal") session << "PRAGMA journal_mode = WAL", soci::into(mode);
        return;
      } catch (const soci::sqlite3_soci_error& error) {
        const bool busy = (error.result() & 0xff) == SQLITE_BUSY;
        if (!busy || std::chrono::steady_clock::now() >= last_try) throw;
        sqlite_api::sqlite3_sleep(10);
      }
    }
  }

  void prepare_file(LedgerAccess access) const {
    const fs::path path = path_from_utf8(file_);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      throw Error(ExitCode::config, fmt::format("ledger {} is a folder; name a file in it", file_));
    }
    if (const auto facts = look_at(path)) {
      if (access == LedgerAccess::create || facts->type != FileType::regular || facts->size > 0) {
        return;
      }
      const auto log = look_at(path_from_utf8(file_ + "-wal"));
      if (log && log->size > 0) return;
      throw Error(ExitCode::data, fmt::format("{} is an empty file, so there is no ledger in it; "
                                              "name another one, or restore it from a backup",
                                              file_));
    }
    if (access != LedgerAccess::create) {
      throw Error(ExitCode::no_input,
                  fmt::format("ledger {} is not there; `paymentctl init` or the first `documents "
                              "import` or `run` makes one",
                              file_));
    }
    make_file(path);
  }

  /// Never empty under its name, so that an empty file is one that has lost its content.
  void make_file(const fs::path& path) const {
    fs::path part = path;
    part += "." + random_uuid() + ".part";
    create_private_file(part);
    try {
      soci::session session(soci::sqlite3, fmt::format("dbname=\"{}\"", utf8_of(part)));
      std::string mode;
      session << "PRAGMA journal_mode = WAL", soci::into(mode);
      session.close();
      keep_file(part, path);
    } catch (...) {
      remove_file(part);
      // Another process may have made it in the meantime.
      if (!look_at(path)) throw;
    }
  }

  std::string file_;
  int busy_timeout_ms_;
};

}  // namespace

std::unique_ptr<Dialect> sqlite_dialect(std::string file, int busy_timeout_ms) {
  return std::make_unique<SqliteDialect>(std::move(file), busy_timeout_ms);
}

}  // namespace paymentctl
