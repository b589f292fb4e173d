#include "run/mail_groups.hpp"

#include <catch2/catch.hpp>

#include "model/error.hpp"

using namespace paymentctl;

namespace {

Source source(const std::string& sha256, int index, int count) {
  Source result;
  result.path = sha256 + ".eml";
  result.sha256 = sha256;
  result.index = index;
  result.count = count;
  return result;
}

}  // namespace

TEST_CASE("A mail with one payment is whole at once") {
  MailGroups groups;
  const auto mail = groups.add(source("a", 0, 1), {{"n", 1}});
  REQUIRE(mail);
  CHECK(mail->lines.size() == 1);
  CHECK(groups.incomplete().empty());
}

TEST_CASE("A mail is handed on only when its last line has come, its lines in order") {
  MailGroups groups;
  CHECK_FALSE(groups.add(source("a", 1, 3), {{"n", 1}}));
  CHECK(groups.add(source("b", 0, 1), {{"n", 9}}));
  CHECK_FALSE(groups.add(source("a", 0, 3), {{"n", 0}}));
  REQUIRE(groups.incomplete().size() == 1);
  CHECK(groups.incomplete()[0].sha256 == "a");
  const auto mail = groups.add(source("a", 2, 3), {{"n", 2}});
  REQUIRE(mail);
  for (std::size_t i = 0; i < 3; ++i) CHECK(mail->lines[i]["n"] == i);
  CHECK(groups.incomplete().empty());
}

TEST_CASE("Lines of one mail that contradict each other are refused") {
  MailGroups groups;
  groups.add(source("a", 0, 3), {{"n", 0}});
  CHECK_THROWS_AS(groups.add(source("a", 0, 3), Json({{"n", 0}})), Error);
  CHECK_THROWS_AS(groups.add(source("a", 1, 2), Json({{"n", 1}})), Error);
}
