#include "run/statement_import.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "model/error.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/sha256.hpp"
#include "post/statement_poster.hpp"
#include "run/listing.hpp"

namespace paymentctl {
namespace {

constexpr std::uint64_t largest_file = 256ULL << 20U;
constexpr std::size_t longest_beginning = 4096;
constexpr int payment_page = 500;
constexpr std::uint64_t most_kept = 10'000;
constexpr int most_missing = 20;

Date utc_day(Timestamp moment) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(moment));
  return Date::from(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                    static_cast<unsigned>(day.day()))
      .value_or(Date());
}

/// A file that is read several times, without keeping it, and must be the same each time.
class StatementFile {
 public:
  explicit StatementFile(std::string name)
      : name_(std::move(name)), path_(path_from_utf8(name_)), facts_(look()) {
    if (facts_.size > largest_file) {
      throw Error(ExitCode::data,
                  fmt::format("{} has {} MB, a statement may have {}; have the bank export a "
                              "shorter period",
                              name_, facts_.size >> 20U, largest_file >> 20U));
    }
    std::ifstream input = open();
    Sha256 digest;
    std::string piece(1U << 16U, '\0');
    while (input.read(piece.data(), static_cast<std::streamsize>(piece.size())),
           input.gcount() > 0) {
      const std::string_view got(piece.data(), static_cast<std::size_t>(input.gcount()));
      if (beginning_.size() < longest_beginning)
        beginning_.append(got.substr(0, longest_beginning));
      digest.update(got);
    }
    if (input.bad()) throw Error(ExitCode::io, fmt::format("{} cannot be read to its end", name_));
    sha256_ = digest.finish();
  }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& sha256() const { return sha256_; }
  [[nodiscard]] std::string absolute_path() const {
    return utf8_of(std::filesystem::absolute(path_).lexically_normal());
  }

  [[nodiscard]] StatementFormat format() const {
    if (const auto found = recognise_statement(beginning_)) return *found;
    throw Error(ExitCode::data,
                fmt::format("{} is no statement that is known here (ABO/GPC, camt.053, MT940, Fio "
                            "JSON); where it is one after all, --type says which",
                            name_));
  }

  std::vector<BankStatement> read(StatementFormat format, const StatementSettings& settings,
                                  const MovementSink& sink) const {
    std::ifstream input = open();
    auto statements = read_statements(input, name_, format, settings, sink);
    if (look() != facts_) {
      throw Error(ExitCode::temporary,
                  fmt::format("{} changed while it was read; try again", name_));
    }
    return statements;
  }

 private:
  [[nodiscard]] FileFacts look() const {
    const auto facts = look_at(path_);
    if (!facts || facts->type == FileType::folder) {
      throw Error(ExitCode::no_input, fmt::format("{} is not a file that is there", name_));
    }
    return *facts;
  }

  [[nodiscard]] std::ifstream open() const {
    std::ifstream input(path_, std::ios::binary);
    if (!input) throw Error(ExitCode::no_input, fmt::format("cannot open {}", name_));
    return input;
  }

  std::string name_;
  std::filesystem::path path_;
  FileFacts facts_;
  std::string beginning_;
  std::string sha256_;
};

StatementSettings settings_of(const BoxSession& session, const StatementOptions& options) {
  StatementSettings settings;
  settings.own_accounts = session.box.own_accounts;
  if (options.account) {
    settings.account = options.account->account;
    settings.own_accounts.insert(settings.own_accounts.begin(), *options.account);
  }
  settings.today = utc_day(session.clock.now());
  return settings;
}

StatementRow row_of(const StatementFile& file, StatementFormat format,
                    const BankStatement& statement, std::size_t position) {
  StatementRow row;
  row.path = file.absolute_path();
  row.sha256 = file.sha256();
  row.position = static_cast<int>(position);
  row.format = name_of(format);
  row.own_account = statement.account;
  row.currency = statement.currency;
  row.number = statement.number;
  row.from = statement.from;
  row.to = statement.to;
  row.opening = statement.opening;
  row.closing = statement.closing;
  row.movements = static_cast<std::int64_t>(statement.movements);
  return row;
}

void check_ours(const BoxSession& session, const StatementFile& file, const StatementRow& row,
                std::vector<std::string>& warnings) {
  const auto& ours = session.box.own_accounts;
  const bool listed = std::any_of(ours.begin(), ours.end(), [&row](const OwnAccount& own) {
    return own.account == *row.own_account;
  });
  if (listed || (ours.empty() && !session.box.only_own_accounts)) return;
  const std::string text = fmt::format(
      "{} is a statement of account {}, which is not in "
      "ownAccounts of {}",
      file.name(), row.own_account->str(), display(session.box.file));
  if (session.box.only_own_accounts) throw Error(ExitCode::data, text);
  warnings.push_back(text);
}

/// What the statements of the account leave open between this one and the one before.
void compare_with_before(Ledger& ledger, BoxKey key, const StatementRow& row,
                         std::vector<std::string>& warnings) {
  const auto before = statement_before(ledger, key, row);
  if (!before || before->to >= row.from || before->closing == row.opening) return;
  warnings.push_back(fmt::format(
      "{} begins with {}, and {} ended with {}: what lies between is in no statement", name_of(row),
      row.opening.decimal(), name_of(*before), before->closing.decimal()));
}

/// All statements of a file within one transaction.
class StatementImport {
 public:
  StatementImport(BoxSession& session, const StatementFile& file, StatementFormat format,
                  const StatementSettings& settings, const PostSettings& post)
      : session_(session), file_(file), format_(format), settings_(settings), post_(post) {}

  std::vector<StatementResult> run(const std::vector<BankStatement>& statements) {
    results_.assign(statements.size(), {});
    // The movements of a statement are gone through twice: out of memory where there are few,
    // else out of the file.
    std::vector<StatementMovement> kept;
    std::size_t current = 0;
    const auto import_until = [&](std::size_t next) {
      for (; current < next; ++current) {
        begin(current, statements[current]);
        if (statements[current].movements <= most_kept) {
          import(results_[current], [&kept](const MovementSink& take) {
            for (const StatementMovement& movement : kept) take(movement);
        });
      }
      else {
          import(results_[current], [&](const MovementSink& take) {
            file_.read(format_, settings_, [&](const StatementMovement& movement) {
              if (movement.statement == current) take(movement);
      });
          });
  }
  kept.clear();
}
};
file_.read(format_, settings_, [&](const StatementMovement& movement) {
  import_until(movement.statement);
  if (statements.at(current).movements <= most_kept) kept.push_back(movement);
});
import_until(statements.size());
return std::move(results_);
}

private:
/// What recognise() found out of a movement, until post() comes to it.
struct Found {
  std::string identity;
  StatementPoster::Recognised recognised = StatementPoster::Recognised::done;
};
using EachMovement = std::function<void(const MovementSink&)>;

void begin(std::size_t position, const BankStatement& statement) {
  StatementResult& result = results_[position];
  result.statement = row_of(file_, format_, statement, position);
  check_ours(session_, file_, result.statement, result.warnings);
  result.statement.id =
      insert_statement(session_.ledger, session_.key, result.statement, post_.now);
  compare_with_before(session_.ledger, session_.key, result.statement, result.warnings);
}

void import(StatementResult& result, const EachMovement& each) {
  StatementPoster poster(session_.ledger, post_, result.statement);
  std::vector<Found> found;
  found.reserve(static_cast<std::size_t>(result.statement.movements));
  each([&](const StatementMovement& movement) {
    StatementLine line = line_of(result.statement, movement);
    const auto recognised = poster.recognise(movement.payment, movement.identity, line);
    found.push_back({std::move(line.identity), recognised});
  });
  std::size_t next = 0;
  each([&](const StatementMovement& movement) {
    const Found& what = found.at(next++);
    if (what.recognised == StatementPoster::Recognised::done) return;
    StatementLine line = line_of(result.statement, movement);
    line.identity = what.identity;
    poster.post(movement.payment, line, what.recognised);
    if (++done_ % payment_page == 0) session_.observer.progress("posted", done_);
  });
  result.created = poster.counts().created;
  result.confirmed = poster.counts().confirmed;
  result.repeated = poster.counts().repeated;
  result.missing =
      told_by_notices_alone(session_.ledger, session_.key, result.statement, most_missing);
  result.warnings.insert(result.warnings.end(), poster.warnings().begin(), poster.warnings().end());
}

static StatementLine line_of(const StatementRow& statement, const StatementMovement& movement) {
  StatementLine line;
  line.statement = statement.id;
  line.movement = movement.payment.source.index + 1;
  line.file_line = movement.line;
  return line;
}

BoxSession& session_;
const StatementFile& file_;
StatementFormat format_;
const StatementSettings& settings_;
const PostSettings& post_;
std::vector<StatementResult> results_;
std::uint64_t done_ = 0;
}
;

std::vector<StatementResult> known_before(BoxSession& session, const StatementFile& file) {
  std::vector<StatementResult> results;
  for (StatementRow& row : statements_of_file(session.ledger, session.key, file.sha256())) {
    StatementResult result;
    result.known = true;
    result.repeated = row.movements;
    result.statement = std::move(row);
    results.push_back(std::move(result));
  }
  return results;
}

std::string_view outcome_of(StatementRole role) {
  return role == StatementRole::created ? "new" : "reconciled";
}

}  // namespace

std::vector<StatementResult> import_statements(BoxSession& session, const std::string& name,
                                               const StatementOptions& options) {
  const StatementFile file(name);
  const StatementFormat format = options.format ? *options.format : file.format();
  const StatementSettings settings = settings_of(session, options);
  // Everything that the file alone can be wrong about is found before the ledger is held.
  const auto statements = file.read(format, settings, [](const StatementMovement&) {});

  std::vector<StatementResult> results;
  PostSettings post = session.post_settings(options.notify);
  session.ledger.transaction([&] {
    results = known_before(session, file);
    if (!results.empty()) return;
    results = StatementImport(session, file, format, settings, post).run(statements);
  });
  return results;
}

Json listed(const StatementResult& result) {
  const StatementRow& row = result.statement;
  return {{"type", "statement"},
          {"file", row.path},
          {"format", row.format},
          {"account", row.own_account->str()},
          {"currency", row.currency.code()},
          {"number", row.number.empty() ? Json(nullptr) : Json(row.number)},
          {"from", row.from.iso()},
          {"to", row.to.iso()},
          {"opening", row.opening.decimal()},
          {"closing", row.closing.decimal()},
          {"movements", row.movements},
          {"new", result.created},
          {"reconciled", result.confirmed},
          {"known", result.repeated},
          {"only_in_notices", result.missing}};
}

void each_movement(BoxSession& session, const StatementResult& result,
                   const std::function<void(const Json&)>& take) {
  if (result.known) return;
  std::int64_t after = 0;
  while (true) {
    const auto told = payments_told_by(session.ledger, result.statement.id, after, payment_page);
    for (const ToldPayment& each : told) {
      if (each.role == StatementRole::repeated) continue;
      const auto row = find_payment(session.ledger, session.key, each.payment);
      if (!row) continue;
      Json json = listed(*row, session.box.archive_dir);
      json["outcome"] = outcome_of(each.role);
      json["movement"] = each.movement;
      json["line"] = each.file_line;
      take(json);
    }
    if (told.size() < payment_page) return;
    after = told.back().movement;
  }
}

Json listed(const std::vector<StatementTelling>& tellings) {
  Json all = Json::array();
  for (const StatementTelling& each : tellings) {
    const StatementRow& row = each.statement;
    all.push_back({{"file", row.path},
                   {"number", row.number.empty() ? Json(nullptr) : Json(row.number)},
                   {"from", row.from.iso()},
                   {"to", row.to.iso()},
                   {"movement", each.movement},
                   {"line", each.file_line}});
  }
  return all;
}

}  // namespace paymentctl
