#include "ledger/database.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "model/visible.hpp"

namespace paymentctl {
namespace {

// With many workers on small tables each is in the way of some other again and again.
constexpr int most_tries = 30;
constexpr int most_connections = 10;
// A row that is there already may have been written by another transaction a moment ago.
constexpr int most_tries_of_faults = 3;

/// Two that were in each other's way should not meet again.
void pause_before(int next_try, std::chrono::milliseconds first, std::chrono::milliseconds most) {
  static thread_local std::minstd_rand random(std::random_device{}());
  const auto longest = std::min(first * (1 << std::min(next_try, 12)), most).count();
  const auto pause = std::uniform_int_distribution<std::int64_t>(longest / 4, longest)(random);
  std::this_thread::sleep_for(std::chrono::milliseconds(pause));
}

bool is_storable(std::string_view text) {
  return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

/// With U+FFFD for each byte that is no part of a character, and for each NUL.
std::string storable(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size < 4 && size < text.size() && !is_utf8(text.substr(0, size))) ++size;
    if (text.front() == '\0' || !is_utf8(text.substr(0, size))) {
      kept += "\xEF\xBF\xBD";
      size = 1;
    } else {
      kept += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return kept;
}

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
    : location_(std::move(location)),
      dialect_(std::move(dialect)),
      utf8_only_(dialect_->takes_utf8_only()),
      is_far_(dialect_->is_far()) {}

void Database::open(LedgerAccess access, bool works) {
  access_ = access;
  dialect_->open(session_, access, works);
}

void Database::connect_again() {
  if (depth_ > 0)
    throw ConnectionLost(ExitCode::unavailable, location_ + ": the connection was lost");
  statements_.clear();
  session_.close();
  dialect_->open(session_, access_, false);
  lost_ = false;
}

void Database::make_utf8(std::vector<Cell>& cells) {
  for (Cell& cell : cells) {
    if (cell.indicator != soci::i_ok || is_storable(cell.text)) continue;
    cell.text = storable(cell.text);
  }
}

std::string Database::as_kept(const std::string& text) const {
  return utf8_only_ && !is_storable(text) ? storable(text) : text;
}

void Database::refuse_missing(std::string_view sql, const std::string& key) {
  throw Error(ExitCode::software, fmt::format("there is no row {} as it should be: {}", key, sql));
}

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

void Database::refuse(const soci::soci_error& error, std::string_view sql, bool last_try) {
  try {
    dialect_->refuse(session_, error);
    throw Error(ExitCode::software, error.get_error_message());
  } catch (const SerializationFailure&) {
    throw;
  } catch (const ConnectionLost&) {
    forget(sql);
    lost_ = true;
    if (last_try) throw;
    return;
  } catch (...) {
    forget(sql);
    throw;
  }
}

std::int64_t Database::run_columns(const std::string& sql, const std::vector<bool>& inputs_text,
                                   const std::vector<bool>& outputs_text,
                                   const std::function<void(std::vector<Cell>&)>& fill,
                                   const std::function<void(const std::vector<Cell>&)>& take) {
  return guarded(sql, [&] {
    Statement& statement = prepared(sql, inputs_text, outputs_text);
    fill(statement.in);
    if (utf8_only_) make_utf8(statement.in);
    statement.statement.execute(outputs_text.empty());
    if (outputs_text.empty()) {
      const std::int64_t changed = statement.statement.get_affected_rows();
      written_ += changed;
      return changed;
    }
    while (statement.statement.fetch()) take(statement.out);
    return std::int64_t{0};
  });
}

void Database::write_waiting() {
  const Apart apart(is_apart_);
  waiting_.write([this](const std::string& sql, const std::vector<bool>& is_text,
                        const std::vector<Cell>& cells) {
    return run_columns(
        sql, is_text, {},
        [&](std::vector<Cell>& in) { std::copy(cells.begin(), cells.end(), in.begin()); }, {});
  });
}

void Database::reserve(const std::string& table, std::size_t count) {
  if (!may_wait() || count == 0) return;
  std::vector<std::int64_t> numbers =
      guarded({}, [&] { return dialect_->reserve_numbers(session_, table, count); });
  std::sort(numbers.begin(), numbers.end(), std::greater<>());
  numbers_[table] = std::move(numbers);
}

std::int64_t Database::next_number(const std::string& table) {
  std::vector<std::int64_t>& numbers = numbers_[table];
  if (numbers.empty()) {
    const Apart apart(is_apart_);
    numbers = guarded({}, [&] { return dialect_->reserve_numbers(session_, table, 1); });
  }
  const std::int64_t next = numbers.back();
  numbers.pop_back();
  return next;
}

void Database::execute(const std::string& sql) {
  guarded(sql, [&] { session_ << sql; });
}

std::vector<IndexText> Database::indices_of(const std::string& table) {
  return guarded({}, [&] { return dialect_->indices_of(session_, table); });
}

std::vector<ColumnText> Database::columns_of(const std::string& table) {
  return guarded({}, [&] { return dialect_->columns_of(session_, table); });
}

void Database::number_behind(const std::string& table) {
  guarded({}, [&] { dialect_->number_behind(session_, table); });
}

void Database::end_when_idle(std::chrono::seconds length) {
  guarded({}, [&] { dialect_->end_when_idle(session_, length); });
  longest_idle_ = length;
}

void Database::begin_as(const Database& other) {
  check_ = other.check_;
  if (other.longest_idle_.count() > 0) end_when_idle(other.longest_idle_);
}

bool Database::copy_whole(const std::string& file) {
  return guarded({}, [&] { return dialect_->copy_whole(session_, file); });
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
    bool committing = false;
    try {
      std::optional<WriteTurns::Turn> turn_of_all;
      if (turns_) turn_of_all.emplace(*turns_, tries > 1);
      execute(dialect_->begin_write());
      depth_ = 1;
      if (check_) check_(*this);
      work();
      write_waiting();
      if (lost_) connect_again();
      committing = true;
      guarded({}, [&] { dialect_->commit(session_); });
      forget_transaction();
      if (written_ >= next_look_) {
        next_look_ = 4 * written_;
        dialect_->learn_sizes(session_);
      }
      return;
    } catch (const SerializationFailure& failure) {
      give_up();
      if (tries == (failure.code() == ExitCode::temporary ? most_tries : most_tries_of_faults)) {
        throw;
      }
      pause_before(tries, std::chrono::milliseconds(2), std::chrono::milliseconds(500));
    } catch (const ConnectionLost& lost) {
      forget_transaction();
      if (committing) {
        throw Error(ExitCode::temporary,
                    std::string(lost.what()) +
                        "; whether the last change was kept is not known: look, or try again");
      }
      if (tries >= most_connections) throw;
      pause_before(tries, std::chrono::milliseconds(50), std::chrono::milliseconds(2000));
    } catch (...) {
      give_up();
      throw;
    }
  }
}

bool Database::be_as_new() noexcept {
  if (lost_ || depth_ > 0) return false;
  forget_transaction();
  check_ = nullptr;
  try {
    turn_ = std::make_shared<std::mutex>();
  } catch (const std::bad_alloc&) {
    return false;
  }
  return true;
}

void Database::give_up() noexcept {
  if (depth_ > 0) roll_back("ROLLBACK");
  forget_transaction();
}

void Database::forget_transaction() noexcept {
  depth_ = 0;
  waiting_.clear();
  marks_.clear();
  absent_.clear();
  numbers_.clear();
}

void Database::reading(const std::function<void()>& work) {
  if (depth_ > 0) return work();
  execute(dialect_->begin_read());
  depth_ = 1;
  try {
    if (check_) check_(*this);
    work();
    execute("COMMIT");
  } catch (...) {
    give_up();
    throw;
  }
  depth_ = 0;
}

void Database::savepoint(const std::function<void()>& work) {
  const std::string name = "level" + std::to_string(depth_);
  write_waiting();
  run("SAVEPOINT " + name);
  ++depth_;
  try {
    work();
    write_waiting();
    run("RELEASE SAVEPOINT " + name);
  } catch (...) {
    --depth_;
    waiting_.clear();
    roll_back("ROLLBACK TO SAVEPOINT " + name);
    roll_back("RELEASE SAVEPOINT " + name);
    throw;
  }
  --depth_;
}

}  // namespace paymentctl
