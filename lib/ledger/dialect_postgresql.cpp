#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>

#include "ledger/dialect.hpp"
#include "ledger/server_url.hpp"
#include "model/visible.hpp"

namespace paymentctl {
namespace {

/// A row, a table or a column that another transaction has made meanwhile.
constexpr std::array<std::string_view, 4> made_meanwhile = {"23505", "42P07", "42701", "42710"};
/// In the way of another transaction; distributed databases use the first one only.
constexpr std::array<std::string_view, 2> in_the_way = {"40001", "40P01"};
/// A login that is not right, a right that is missing.
constexpr std::array<std::string_view, 4> refused = {"28000", "28P01", "42501", "25006"};

constexpr std::string_view too_many_connections = "53300";

template <std::size_t Count>
bool is_one_of(std::string_view state, const std::array<std::string_view, Count>& states) {
  for (const std::string_view one : states) {
    if (state == one) return true;
  }
  return false;
}

class PostgresqlDialect : public Dialect {
 public:
  PostgresqlDialect(const std::string& url, int busy_timeout_ms)
      : shown_(url_without_password(url)),
        url_(url_with_defaults(url)),
        busy_timeout_ms_(busy_timeout_ms) {}

  void open(soci::session& session, LedgerAccess access, bool works) override {
    if (!works) try_connection();
    try {
      session.open(soci::postgresql, url_);
    } catch (const soci::soci_error& error) {
      if (works) return open(session, access, false);
      refuse_connection(error.get_error_message());
    }
    // A mail in letters that another encoding does not have would hold up all mails behind it.
    const char* encoding = PQparameterStatus(connection_of(session), "server_encoding");
    if (encoding != nullptr && std::string_view(encoding) != "UTF8") {
      throw Error(
          ExitCode::config,
          fmt::format("ledger {}: the database keeps texts in {}, wanted UTF8; make another "
                      "one with createdb --encoding=UTF8 --template=template0",
                      shown_, encoding));
    }
    // What the server says unasked ends up in our errors, or does not matter.
    PQsetNoticeProcessor(
        connection_of(session), [](void*, const char*) {}, nullptr);
    try {
      settings(session, access);
      if (access != LedgerAccess::create && !has_table(session, "schema_version") &&
          is_empty(session)) {
        throw Error(ExitCode::no_input,
                    fmt::format("ledger {} is empty; the first `documents import` or `run` fills "
                                "it, or check the key ledger in box.xml",
                                shown_));
      }
    } catch (const soci::soci_error& error) {
      refuse(session, error);
    }
  }

  [[nodiscard]] const char* begin_write() const override {
    return "BEGIN ISOLATION LEVEL SERIALIZABLE";
  }
  [[nodiscard]] const char* begin_read() const override {
    return "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
  }

  void commit(soci::session& session) override {
    // The server answers COMMIT of a transaction with a failed statement by rolling it back, and
    // calls that no error.
    if (PGconn* connection = connection_of(session);
        connection != nullptr && PQtransactionStatus(connection) == PQTRANS_INERROR) {
      throw Error(
          ExitCode::software,
          fmt::format("ledger {}: a change was refused and the rest of its transaction went "
                      "on; nothing was changed",
                      shown_));
    }
    session << "COMMIT";
  }

  void end_when_idle(soci::session& session, std::chrono::seconds length) override {
    if (longest_idle_ == length) return;
    set_longest_idle(session, length);
    longest_idle_ = length;
  }

  /// The server takes its statistics once a minute at best, and thinks of tables without them that
  /// any index finds a row as quickly as any other: a first import would be over by then, and plan
  /// every statement by chance.
  void learn_sizes(soci::session& session) noexcept override {
    try {
      std::string table;
      std::vector<std::string> grown;
      soci::statement select =
          (session.prepare
               << "SELECT relname FROM pg_catalog.pg_class WHERE relkind = 'r' AND relnamespace = "
                  "(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema()) AND "
                  "pg_relation_size(oid) > CAST(24576 AS BIGINT) * CASE WHEN reltuples > 0 THEN "
                  "relpages ELSE 0 END",
           soci::into(table));
      select.execute(false);
      while (select.fetch()) grown.push_back(table);
      for (const std::string& name : grown) session << "ANALYZE " + name;
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
      // The server goes on with what it knows; a connection that is lost is noticed by the next
      // statement.
    }
  }

  [[nodiscard]] bool is_far() const override { return true; }

  std::vector<std::int64_t> reserve_numbers(soci::session& session, const std::string& table,
                                            std::size_t count) override {
    long long number = 0;
    const std::string sql = fmt::format(
        "SELECT nextval(pg_get_serial_sequence('{}', 'id')) FROM generate_series(1, {})", table,
        count);
    soci::statement select = (session.prepare << sql, soci::into(number));
    std::vector<std::int64_t> numbers;
    select.execute(false);
    while (select.fetch()) numbers.push_back(number);
    return numbers;
  }

  [[nodiscard]] bool takes_utf8_only() const override { return true; }

  [[nodiscard]] std::string_view identity_column() const override {
    return "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
  }

  [[nodiscard]] std::string_view seconds_now() const override {
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)";
  }

  [[nodiscard]] const char* last_id() const override { return nullptr; }

  // information_schema would ask for the rights to every table of every schema.
  [[nodiscard]] bool has_table(soci::session& session, const std::string& table) override {
    int count = 0;
    session << "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND "
               "tablename = :name",
        soci::use(table), soci::into(count);
    return count > 0;
  }

  [[nodiscard]] bool is_empty(soci::session& session) override {
    int count = 0;
    session << "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()",
        soci::into(count);
    return count == 0;
  }

  /// To drop one would lock the table for every other worker until the import ends.
  [[nodiscard]] std::vector<IndexText> indices_of(soci::session& /*session*/,
                                                  const std::string& /*table*/) override {
    return {};
  }

  [[nodiscard]] std::vector<ColumnText> columns_of(soci::session& session,
                                                   const std::string& table) override {
    std::string name;
    std::string type;
    soci::statement select =
        (session.prepare << "SELECT column_name, data_type FROM information_schema.columns WHERE "
                            "table_schema = current_schema() AND table_name = :name ORDER BY "
                            "ordinal_position",
         soci::use(table), soci::into(name), soci::into(type));
    std::vector<ColumnText> found;
    select.execute(false);
    while (select.fetch()) found.push_back({name, type == "text"});
    return found;
  }

  bool copy_whole(soci::session& /*session*/, const std::string& /*file*/) override {
    return false;
  }

  void number_behind(soci::session& session, const std::string& table) override {
    std::int64_t last = 0;
    session << fmt::format(
        "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM "
        "{0}), false)",
        table),
        soci::into(last);
  }

  void refuse(soci::session& session, const soci::soci_error& error) override {
    const std::string why = one_line(error.get_error_message());
    std::string state;
    if (const auto* own = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
      state = own->sqlstate();
    }
    const PGconn* connection = connection_of(session);
    // A fault without a state is libpq's own, whose connection may still look good: it has just
    // been cut.
    if (connection == nullptr || PQstatus(connection) != CONNECTION_OK || state.empty() ||
        state.starts_with(' ') || state.starts_with("08") || state.starts_with("57P")) {
      throw ConnectionLost(ExitCode::unavailable,
                           fmt::format("ledger {}: the connection was lost ({}); what was not "
                                       "committed is taken back, try again later",
                                       shown_, why));
    }
    if (is_one_of(state, in_the_way)) {
      throw SerializationFailure(ExitCode::temporary,
                                 fmt::format("ledger {} is changed by others all the time; try "
                                             "again later ({})",
                                             shown_, why));
    }
    if (is_one_of(state, made_meanwhile)) {
      throw SerializationFailure(ExitCode::software, fmt::format("ledger {}: {}", shown_, why));
    }
    if (state == "57014") {
      throw Error(ExitCode::temporary,
                  fmt::format("ledger {}: the server broke a statement off ({}); try again later, "
                              "and if it goes on raise the login's statement_timeout",
                              shown_, why));
    }
    if (state == "55P03") {
      throw Error(ExitCode::temporary,
                  fmt::format("ledger {} is held by another process; try again later", shown_));
    }
    if (is_one_of(state, refused)) {
      throw Error(ExitCode::permission,
                  fmt::format("ledger {} may not be used so by this login: {}; grant it the right, "
                              "or name the login that owns the tables, on a server that may be "
                              "written",
                              shown_, why));
    }
    if (state.starts_with("53") || state.starts_with("58")) {
      throw Error(ExitCode::io, fmt::format("ledger {}: the server has no room or its disk failed "
                                            "({}); nothing was changed",
                                            shown_, why));
    }
    if (state == "3F000") {
      throw Error(ExitCode::config,
                  fmt::format("ledger {}: the schema that search_path names is not there; create "
                              "it, or leave search_path out",
                              shown_));
    }
    throw Error(ExitCode::software, fmt::format("ledger {}: {} ({})", shown_, why, state));
  }

 private:
  static PGconn* connection_of(soci::session& session) {
    const auto* backend = static_cast<soci::postgresql_session_backend*>(session.get_backend());
    return backend == nullptr ? nullptr : backend->conn_;
  }

  static void set_longest_idle(soci::session& session, std::chrono::seconds length) {
    session << fmt::format("SET idle_in_transaction_session_timeout = {}",
                           std::chrono::milliseconds(length).count());
  }

  void settings(soci::session& session, LedgerAccess access) {
    session << "SET client_encoding = 'UTF8'";
    session << fmt::format("SET lock_timeout = {}", busy_timeout_ms_);
    if (access == LedgerAccess::read_only) {
      session << "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
      return;
    }
    if (longest_idle_.count() > 0) set_longest_idle(session, longest_idle_);
    // Mails are deleted from the mailbox once a commit is answered.
    std::string synchronous;
    session << "SHOW synchronous_commit", soci::into(synchronous);
    if (synchronous == "off") session << "SET synchronous_commit = on";
    try {
      // Reading a small table from end to end would put a transaction in the way of every other.
      // Where it has to be, its price is so high that the server would compile the query first.
      session << "SET jit = off";
      session << "SET enable_seqscan = off";
    } catch (const soci::soci_error&) {  // NOLINT(bugprone-empty-catch)
      // A database of the same language that has no such setting plans on its own.
    }
  }

  /// SOCI 4.0 never frees a connection that fails, 35 KB, and a service may wait for its server for
  /// days; so it is asked to connect where that has just worked.
  void try_connection() const {
    const std::unique_ptr<PGconn, void (*)(PGconn*)> tried(PQconnectdb(url_.c_str()), PQfinish);
    if (PQstatus(tried.get()) == CONNECTION_OK) return;
    const std::string why = PQerrorMessage(tried.get());
    if (PQping(url_.c_str()) != PQPING_OK) refuse_connection(why);
    // Who answers at once and only was too busy before is asked again, and says why not as a state,
    // which no language changes.
    PQsetErrorVerbosity(tried.get(), PQERRORS_SQLSTATE);
    PQreset(tried.get());
    if (PQstatus(tried.get()) == CONNECTION_OK) return;
    if (one_line(PQerrorMessage(tried.get())).ends_with(too_many_connections)) {
      throw ConnectionLost(ExitCode::temporary,
                           fmt::format("ledger {}: the server has as many connections as it may "
                                       "({}); try again later, and if it goes on raise its "
                                       "max_connections or the user's limit",
                                       shown_, one_line(why)));
    }
    refuse_connection(why);
  }

  /// Why there is no connection is known as a text in the server's language only; whether a server
  /// answers at all can be asked.
  [[noreturn]] void refuse_connection(const std::string& message) const {
    const std::string why = one_line(message);
    switch (PQping(url_.c_str())) {
      case PQPING_OK:
        throw Error(ExitCode::permission,
                    fmt::format("ledger {}: the server is there and lets us not in: {}; check "
                                "user, database and password (ledgerPassword, PGPASSWORD or a "
                                "passfile)",
                                shown_, why));
      case PQPING_REJECT:
        throw ConnectionLost(ExitCode::temporary,
                             fmt::format("ledger {}: the server is starting or stopping; try again "
                                         "later ({})",
                                         shown_, why));
      case PQPING_NO_RESPONSE:
        throw ConnectionLost(ExitCode::unavailable,
                             fmt::format("ledger {}: the server cannot be reached: {}; check host "
                                         "and port, and that it runs",
                                         shown_, why));
      case PQPING_NO_ATTEMPT:
        break;
    }
    // Its words about a URL that it cannot read show the password in it.
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parts(
        PQconninfoParse(url_.c_str(), nullptr), PQconninfoFree);
    if (!parts) {
      throw Error(ExitCode::config,
                  fmt::format("ledger {}: the URL cannot be read; write a % / ? @ or : of its user "
                              "or password as %25 %2F %3F %40 or %3A, close what a [ opens, and "
                              "look at the names of its parameters",
                              shown_));
    }
    throw Error(ExitCode::config,
                fmt::format("ledger {}: {}; check the key ledger in box.xml", shown_, why));
  }

  std::string shown_;
  std::string url_;
  int busy_timeout_ms_;
  std::chrono::seconds longest_idle_{0};
};

}  // namespace

std::unique_ptr<Dialect> postgresql_dialect(const std::string& url, int busy_timeout_ms) {
  return std::make_unique<PostgresqlDialect>(url, busy_timeout_ms);
}

}  // namespace paymentctl
