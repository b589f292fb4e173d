#include "ledger/waiting_rows.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include <fmt/format.h>

#include "ledger/schema.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

/// The word behind "INSERT INTO" or "UPDATE".
std::string table_of(std::string_view sql) {
  const std::string_view verb = sql.starts_with("UPDATE ") ? "UPDATE " : "INSERT INTO ";
  sql.remove_prefix(verb.size());
  return std::string(sql.substr(0, sql.find(' ')));
}

/// A row comes behind those that it refers to.
std::ptrdiff_t place_of(const std::string& table) {
  const auto& all = ledger_tables();
  return std::find_if(all.begin(), all.end(),
                      [&table](const LedgerTable& each) { return each.name == table; }) -
         all.begin();
}

bool is_equal(const std::vector<Cell>& a, const std::vector<Cell>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Cell& x, const Cell& y) {
    return x.indicator == y.indicator && x.number == y.number && x.text == y.text;
  });
}

/// `tuple` with each ":name" made ":name_N".
void append_tuple(std::string& text, std::string_view tuple, std::size_t number) {
  for (std::size_t at = 0; at < tuple.size();) {
    const std::size_t colon = std::min(tuple.find(':', at), tuple.size());
    std::size_t end = std::min(colon + 1, tuple.size());
    while (end < tuple.size() &&
           (std::isalnum(static_cast<unsigned char>(tuple[end])) != 0 || tuple[end] == '_')) {
      ++end;
    }
    text += tuple.substr(at, end - at);
    if (colon < tuple.size()) text += fmt::format("_{}", number);
    at = end;
  }
}

}  // namespace

std::string with_rows(std::string_view insert, std::size_t rows) {
  const std::size_t begin = insert.find("VALUES (") + 7;
  std::size_t end = begin;
  for (int depth = 0; end < insert.size(); ++end) {
    if (insert[end] == '(') ++depth;
    if (insert[end] == ')' && --depth == 0) break;
  }
  const std::string_view tuple = insert.substr(begin, end + 1 - begin);
  std::string text(insert.substr(0, begin));
  for (std::size_t row = 0; row < rows; ++row) {
    if (row > 0) text += ", ";
    append_tuple(text, tuple, row);
  }
  return text += insert.substr(end + 1);
}

std::string list_of(std::string_view name, std::size_t size) {
  std::string list;
  for (std::size_t i = 0; i < size; ++i)
    list += fmt::format("{}:{}{}", i > 0 ? ", " : "(", name, i);
  return list += ')';
}

std::string with_lists(std::string_view sql, std::size_t size, std::size_t width) {
  static constexpr std::string_view list = "{list}";
  static constexpr std::string_view rows = "{rows}";
  std::string text(sql);
  char name = 'a';
  for (std::size_t at = text.find(list); at != std::string::npos; at = text.find(list)) {
    text.replace(at, list.size(), list_of(std::string("list_") + name++, size));
  }
  if (const std::size_t at = text.find(rows); at != std::string::npos) {
    std::string tuple = "(VALUES (";
    for (std::size_t i = 0; i < width; ++i) tuple += fmt::format("{}:row_{}", i > 0 ? ", " : "", i);
    text.replace(at, rows.size(), with_rows(tuple + "))", size));
  }
  return text;
}

std::size_t piece_of(std::size_t left) {
  return *std::find_if(std::begin(WaitingRows::sizes), std::end(WaitingRows::sizes),
                       [left](std::size_t size) { return size <= left; });
}

void WaitingRows::count(const std::vector<Cell>& row) {
  ++rows_;
  for (const Cell& cell : row) bytes_ += cell.text.size();
}

void WaitingRows::insert(std::string_view sql, const std::vector<bool>& is_text,
                         std::vector<Cell> row, bool must_change) {
  count(row);
  auto group = std::find_if(groups_.begin(), groups_.end(),
                            [sql](const Group& each) { return each.sql == sql; });
  if (group == groups_.end()) {
    groups_.push_back({std::string(sql), table_of(sql), is_text, {}, {}, true, must_change});
    group = std::prev(groups_.end());
  }
  group->rows.push_back(std::move(row));
}

void WaitingRows::update(std::string_view sql, const std::vector<bool>& is_text,
                         std::vector<Cell> values, std::int64_t id) {
  count(values);
  auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& each) {
    return each.sql == sql && is_equal(each.values, values);
  });
  if (group == groups_.end()) {
    groups_.push_back(
        {std::string(sql), table_of(sql), is_text, std::move(values), {}, false, true});
    group = std::prev(groups_.end());
  }
  put(group->rows.emplace_back(1).front(), id);
}

bool WaitingRows::concern(std::string_view sql) const {
  return sql.empty() || std::any_of(groups_.begin(), groups_.end(), [sql](const Group& group) {
           return sql.find(group.table) != std::string_view::npos;
         });
}

void WaitingRows::write(Group& group, const Write& write) {
  for (std::size_t at = 0; at < group.rows.size();) {
    const std::size_t size = piece_of(group.rows.size() - at);
    std::vector<Cell> cells = group.values;
    std::vector<bool> is_text = group.is_text;
    for (std::size_t row = 0; row < size; ++row) {
      std::move(group.rows[at + row].begin(), group.rows[at + row].end(),
                std::back_inserter(cells));
      if (!group.is_insert) {
        is_text.push_back(false);
      } else if (row > 0) {
        is_text.insert(is_text.end(), group.is_text.begin(), group.is_text.end());
      }
    }
    const std::string sql =
        group.is_insert ? with_rows(group.sql, size) : group.sql + " IN " + list_of("id", size);
    const std::int64_t changed = write(sql, is_text, std::move(cells));
    if (group.must_change && changed != static_cast<std::int64_t>(size)) {
      throw Error(ExitCode::software,
                  fmt::format("of {} rows {} are there: {}", size, changed, group.sql));
    }
    at += size;
  }
}

void WaitingRows::write(const Write& write) {
  std::vector<Group> groups = std::move(groups_);
  clear();
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return place_of(a.table) < place_of(b.table);
  });
  for (Group& group : groups) WaitingRows::write(group, write);
}

}  // namespace paymentctl
