#include "ledger/waiting_rows.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "model/error.hpp"

using namespace paymentctl;

namespace {

struct Written {
  std::vector<std::string> statements;
  std::vector<std::vector<std::string>> values;
};

std::vector<Cell> texts(const std::vector<std::string>& values) {
  std::vector<Cell> cells;
  for (const std::string& value : values) put(cells.emplace_back(), value);
  return cells;
}

/// Everything that waits, as the database gets it; of the ids that it is told `missing` are not
/// there.
Written written(WaitingRows& rows, std::int64_t missing = 0) {
  Written all;
  rows.write([&](const std::string& sql, const std::vector<bool>& is_text,
                 const std::vector<Cell>& cells) {
    REQUIRE(is_text.size() == cells.size());
    all.statements.push_back(sql);
    auto& values = all.values.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      values.push_back(is_text[i] ? cells[i].text : std::to_string(cells[i].number));
    }
    return std::count(sql.begin(), sql.end(), ',') + 1 - missing;
  });
  return all;
}

}  // namespace

TEST_CASE("rows of one statement go to the database together, each with names of its own") {
  CHECK(with_rows("INSERT INTO outbox (a, b) VALUES (:a, (SELECT :b)) ON CONFLICT DO NOTHING", 2) ==
        "INSERT INTO outbox (a, b) VALUES (:a_0, (SELECT :b_0)), (:a_1, (SELECT :b_1)) ON CONFLICT "
        "DO NOTHING");
  CHECK(with_lists("a IN {list} AND b IN {list}", 2, 2) ==
        "a IN (:list_a0, :list_a1) AND b IN (:list_b0, :list_b1)");
  CHECK(with_lists("SELECT column1 FROM {rows} AS asked", 2, 2) ==
        "SELECT column1 FROM (VALUES (:row_0_0, :row_1_0), (:row_0_1, :row_1_1)) AS asked");
}

TEST_CASE("what waits is written table by table, a row behind those that it refers to") {
  WaitingRows rows;
  // As after a write in the middle of a payment: what refers to the next one came first.
  rows.insert("INSERT INTO payment_source (payment_id) VALUES (:p)", {true}, texts({"1"}), false);
  rows.insert("INSERT INTO payment (id) VALUES (:id)", {true}, texts({"2"}), false);
  rows.insert("INSERT INTO payment_source (payment_id) VALUES (:p)", {true}, texts({"2"}), false);
  CHECK(rows.concern("SELECT id FROM payment"));
  CHECK_FALSE(rows.concern("SELECT id FROM document"));
  const Written all = written(rows);
  CHECK(all.statements ==
        std::vector<std::string>{"INSERT INTO payment (id) VALUES (:id_0)",
                                 "INSERT INTO payment_source (payment_id) VALUES (:p_0)",
                                 "INSERT INTO payment_source (payment_id) VALUES (:p_0)"});
  CHECK(all.values == std::vector<std::vector<std::string>>{{"2"}, {"1"}, {"2"}});
  CHECK(rows.empty());
}

TEST_CASE("ids that get the same values are changed by one statement, and all have to be there") {
  const std::string sql = "UPDATE message SET state = :state WHERE id";
  WaitingRows rows;
  for (const std::int64_t id : {7, 8, 9, 10}) rows.update(sql, {true}, texts({"posted"}), id);
  rows.update(sql, {true}, texts({"ignored"}), 11);
  WaitingRows same = rows;
  CHECK_THROWS_AS(written(same, 1), Error);
  const Written all = written(rows);
  REQUIRE(all.statements.size() == 2);
  CHECK(all.statements[0] == sql + " IN (:id0, :id1, :id2, :id3)");
  CHECK(all.values ==
        std::vector<std::vector<std::string>>{{"posted", "7", "8", "9", "10"}, {"ignored", "11"}});
}
