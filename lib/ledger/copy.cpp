#include "ledger/copy.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "ledger/database.hpp"
#include "ledger/schema.hpp"
#include "model/amount.hpp"
#include "platform/create_file.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/random.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

/// Rows read at once, and rows of one transaction.
constexpr int page_rows = 2000;
/// Values of one INSERT; both databases take several times as many.
constexpr std::size_t most_values = 1000;

using Row = std::vector<Cell>;

struct Layout {
  const LedgerTable& table;
  std::vector<std::string> names;
  std::vector<bool> texts;
  std::vector<std::size_t> key;  ///< places of the key's columns
  std::size_t amount;            ///< place of the column; names.size() where there is none
};

std::size_t place_of(const std::vector<std::string>& names, std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

Layout layout_of(Database& database, const LedgerTable& table) {
  Layout layout{table, {}, {}, {}, 0};
  for (ColumnText& column : database.columns_of(table.name)) {
    layout.names.push_back(std::move(column.name));
    layout.texts.push_back(column.is_text);
  }
  for (const std::string& name : table.key) {
    layout.key.push_back(place_of(layout.names, name));
    if (layout.key.back() == layout.names.size()) {
      throw Error(ExitCode::software, fmt::format("the table {} has no {}", table.name, name));
    }
  }
  layout.amount = place_of(layout.names, "amount");
  return layout;
}

std::string placeholders(std::size_t count, std::size_t first = 0) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i)
    list += fmt::format("{}:v{}", i == 0 ? "" : ", ", first + i);
  return list;
}

/// Calls `take` with the rows behind `after` in the order of the key, page by page, as long as it
/// wants more.
void each_page(Database& database, const Layout& layout, std::int64_t company,
               std::optional<Row> after, const std::function<bool(std::vector<Row>)>& take) {
  const std::string key = fmt::format("{}", fmt::join(layout.table.key, ", "));
  std::vector<bool> key_texts;
  for (const std::size_t place : layout.key) key_texts.push_back(layout.texts[place]);
  while (true) {
    std::string sql =
        fmt::format("SELECT {} FROM {}", fmt::join(layout.names, ", "), layout.table.name);
    std::vector<bool> inputs;
    if (company != 0) {
      sql += " WHERE " + layout.table.of_company;
      inputs.push_back(false);
    }
    if (after) {
      sql += fmt::format(" {} ({}) > ({})", company != 0 ? "AND" : "WHERE", key,
                         placeholders(layout.key.size()));
      inputs.insert(inputs.end(), key_texts.begin(), key_texts.end());
    }
    sql += fmt::format(" ORDER BY {} LIMIT {}", key, page_rows);
    std::vector<Row> rows;
    database.run_columns(
        sql, inputs, layout.texts,
        [&](Row& in) {
          std::size_t next = 0;
          if (company != 0) put(in[next++], company);
          for (std::size_t i = 0; after && i < layout.key.size(); ++i) {
            in[next++] = (*after)[layout.key[i]];
          }
        },
        [&](const Row& out) { rows.push_back(out); });
    if (rows.empty()) return;
    const bool more = rows.size() == page_rows;
    after = rows.back();
    if (!take(std::move(rows)) || !more) return;
  }
}

/// The sum of the rows' digests says the same of two tables in whatever order they are read.
class Content {
 public:
  Content(const Layout& layout, bool utf8_only) : layout_(layout), utf8_only_(utf8_only) {}

  void add(Row row) {
    if (utf8_only_) Database::make_utf8(row);
    text_.clear();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Cell& cell = row[i];
      if (cell.indicator != soci::i_ok) {
        text_ += "-;";
      } else if (layout_.texts[i]) {
        text_ += fmt::format("{}:{};", cell.text.size(), cell.text);
      } else {
        text_ += fmt::format("{};", cell.number);
      }
    }
    const std::string digest = sha256(text_);
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      sums_[i] += std::stoull(digest.substr(i * 16, 16), nullptr, 16);
    }
    ++rows;
    if (layout_.amount < row.size()) amount += row[layout_.amount].number;
  }

  [[nodiscard]] std::string text() const {
    return fmt::format("{:016x}{:016x}", sums_[0], sums_[1]);
  }

  std::int64_t rows = 0;
  std::int64_t amount = 0;

 private:
  const Layout& layout_;
  const bool utf8_only_;
  std::string text_;
  std::array<std::uint64_t, 2> sums_{};
};

/// Of the first `most` rows.
Content content_of(Database& database, const Layout& layout, std::int64_t company, bool utf8_only,
                   std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
  Content content(layout, utf8_only);
  if (most == 0) return content;
  each_page(database, layout, company, std::nullopt, [&](std::vector<Row> rows) {
    for (Row& row : rows) {
      if (content.rows < most) content.add(std::move(row));
    }
    return content.rows < most;
  });
  return content;
}

void demand_equal(const Database& from, const Content& mine, const Database& to,
                  const Content& theirs, const LedgerTable& table) {
  if (mine.text() == theirs.text() && mine.rows == theirs.rows) return;
  throw Error(ExitCode::data,
              fmt::format("{} is no copy of {}: the table {} has {} rows there and {} here, sums "
                          "{} and {}, or other content; copy into an empty ledger",
                          to.location(), from.location(), table.name, theirs.rows, mine.rows,
                          Amount::from_minor(theirs.amount).decimal(),
                          Amount::from_minor(mine.amount).decimal()));
}

/// Before anything is written: what is there already has to be what a copy that was broken off has
/// brought, the first rows of a table. The numbers of another ledger's rows mean something else.
void demand_beginning(Database& from, Database& to, const CopyOptions& options) {
  const bool utf8_only = to.dialect().takes_utf8_only();
  for (const LedgerTable& table : ledger_tables()) {
    const Layout layout = layout_of(from, table);
    const Content theirs = content_of(to, layout, 0, utf8_only);
    demand_equal(from, content_of(from, layout, options.company, utf8_only, theirs.rows), to,
                 theirs, table);
  }
}

/// Rows that are there already stay as they are.
std::int64_t insert(Database& database, const Layout& layout, const std::vector<Row>& rows) {
  const std::size_t width = layout.names.size();
  const std::size_t together = std::max<std::size_t>(1, most_values / width);
  std::int64_t inserted = 0;
  for (std::size_t first = 0; first < rows.size();) {
    // The last ones one by one, so that there are two statements a table and no more.
    const std::size_t count = rows.size() - first >= together ? together : 1;
    std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ", layout.table.name,
                                  fmt::join(layout.names, ", "));
    std::vector<bool> inputs;
    for (std::size_t i = 0; i < count; ++i) {
      sql += fmt::format("{}({})", i == 0 ? "" : ", ", placeholders(width, i * width));
      inputs.insert(inputs.end(), layout.texts.begin(), layout.texts.end());
    }
    sql += fmt::format(" ON CONFLICT ({}) DO NOTHING", fmt::join(layout.table.key, ", "));
    inserted += database.run_columns(sql, inputs, {},
                                     [&](Row& in) {
                                       for (std::size_t i = 0; i < in.size(); ++i)
                                         in[i] = rows[first + i / width][i % width];
                                     },
                                     {});
    first += count;
  }
  return inserted;
}

/// The row with the greatest number in `to`, behind which a copy goes on.
std::optional<Row> last_row(Database& to, const Layout& layout) {
  if (layout.table.key.front() != "id") return std::nullopt;
  const auto last = to.row<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM " + layout.table.name);
  Row row(layout.names.size());
  put(row[layout.key.front()], std::get<0>(last.value()));
  return row;
}

CopiedTable copied_table(Database& from, Ledger& target, const LedgerTable& table,
                         const CopyOptions& options) {
  Database& to = target.database();
  const Layout layout = layout_of(from, table);
  CopiedTable copied;
  copied.name = table.name;
  std::int64_t seen = 0;
  each_page(from, layout, options.company, last_row(to, layout), [&](std::vector<Row> rows) {
    std::int64_t inserted = 0;
    target.transaction([&] { inserted = insert(to, layout, rows); });
    copied.copied += inserted;
    seen += static_cast<std::int64_t>(rows.size());
    options.progress(table.name, seen);
    return true;
  });
  const bool utf8_only = to.dialect().takes_utf8_only();
  const Content mine = content_of(from, layout, options.company, utf8_only);
  const Content theirs = content_of(to, layout, 0, utf8_only);
  demand_equal(from, mine, to, theirs, table);
  copied.rows = mine.rows;
  copied.sum = mine.amount;
  copied.content = mine.text();
  return copied;
}

}  // namespace

std::vector<CopiedTable> copy_ledger(Ledger& from, Ledger& to, const CopyOptions& options) {
  std::vector<CopiedTable> tables;
  from.reading([&] {
    demand_beginning(from.database(), to.database(), options);
    to.transaction([&] { mark_unfinished(to.database(), true); });
    for (const LedgerTable& table : ledger_tables()) {
      tables.push_back(copied_table(from.database(), to, table, options));
    }
  });
  to.transaction([&] {
    for (const LedgerTable& table : ledger_tables()) {
      if (table.key.front() == "id") to.database().number_behind(table.name);
    }
    mark_unfinished(to.database(), false);
  });
  return tables;
}

void backup_ledger(Ledger& ledger, const std::filesystem::path& file, const CopyOptions& options) {
  std::filesystem::path part = file;
  part += "." + random_uuid() + ".part";
  if (look_at(file)) {
    throw Error(ExitCode::cannot_create, display(file) + " is there already; name another file");
  }
  create_private_file(part);
  try {
    if (options.company != 0 || !ledger.database().copy_whole(utf8_of(part))) {
      Ledger copy = Ledger::open(utf8_of(part));
      copy_ledger(ledger, copy, options);
    }
    keep_file(part, file);
  } catch (...) {
    remove_file(part);
    throw;
  }
}

}  // namespace paymentctl
