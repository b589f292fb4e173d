#include "ledger/database.hpp"

namespace paymentctl {
namespace {

constexpr int most_tries = 10;

}  // namespace

Statement::Statement(soci::session& session, const std::string& sql,
                     const std::vector<bool>& inputs_text, const std::vector<bool>& outputs_text)
    : in(inputs_text.size()), out(outputs_text.size()), statement(session) {
  statement.alloc();
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (inputs_text[i]) {
      statement.exchange(soci::use(in[i].text, in[i].indicator));
    } else {
      statement.exchange(soci::use(in[i].number, in[i].indicator));
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (outputs_text[i]) {
      statement.exchange(soci::into(out[i].text, out[i].indicator));
    } else {
      statement.exchange(soci::into(out[i].number, out[i].indicator));
    }
  }
  statement.prepare(sql);
  statement.define_and_bind();
}

Database::Database(std::string location, std::unique_ptr<Dialect> dialect)
    : location_(std::move(location)), dialect_(std::move(dialect)) {}

void Database::open(LedgerAccess access) { dialect_->open(session_, access); }

Statement& Database::prepared(std::string_view sql, const std::vector<bool>& inputs_text,
                              const std::vector<bool>& outputs_text) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return *found->second;
  std::string text(sql);
  auto made = std::make_unique<Statement>(session_, text, inputs_text, outputs_text);
  return *statements_.emplace(std::move(text), std::move(made)).first->second;
}

void Database::forget(std::string_view sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) {
    statements_.erase(found);
  }
}

void Database::refuse(const soci::soci_error& error) {
  dialect_->refuse(session_, error);
  throw Error(ExitCode::software, error.get_error_message());
}

void Database::execute(const std::string& sql) {
  guarded(sql, [&] { session_ << sql; });
}

std::vector<IndexText> Database::indices_of(const std::string& table) {
  return guarded({}, [&] { return dialect_->indices_of(session_, table); });
}

void Database::roll_back(const std::string& sql) noexcept {
  try {
    session_ << sql;
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // After a full disk the database has rolled back by itself, and says that there is nothing to
    // roll back. The fault that brought us here is the one to report.
  }
}

void Database::transaction(const std::function<void()>& work) {
  if (depth_ > 0) {
    savepoint(work);
    return;
  }
  const std::lock_guard turn(*turn_);
  for (int tries = 1;; ++tries) {
    try {
      execute(dialect_->begin_write());
      depth_ = 1;
      work();
      execute("COMMIT");
      depth_ = 0;
      return;
    } catch (const SerializationFailure&) {
      if (depth_ > 0) roll_back("ROLLBACK");
      depth_ = 0;
      if (tries == most_tries) throw;
    } catch (...) {
      if (depth_ > 0) roll_back("ROLLBACK");
      depth_ = 0;
      throw;
    }
  }
}

void Database::reading(const std::function<void()>& work) {
  if (depth_ > 0) return work();
  execute("BEGIN");
  try {
    work();
  } catch (...) {
    roll_back("ROLLBACK");
    throw;
  }
  execute("COMMIT");
}

void Database::savepoint(const std::function<void()>& work) {
  const std::string name = "level" + std::to_string(depth_);
  run("SAVEPOINT " + name);
  ++depth_;
  try {
    work();
    run("RELEASE SAVEPOINT " + name);
  } catch (...) {
    --depth_;
    roll_back("ROLLBACK TO SAVEPOINT " + name);
    roll_back("RELEASE SAVEPOINT " + name);
    throw;
  }
  --depth_;
}

}  // namespace paymentctl
