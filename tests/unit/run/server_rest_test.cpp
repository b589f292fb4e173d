#include "run/server_rest.hpp"

#include <catch2/catch.hpp>

namespace paymentctl {
namespace {

using std::chrono::seconds;

ServerRest::Moment at(int second) { return ServerRest::Moment(seconds(second)); }

TEST_CASE("a server that fails twice in a row rests, for longer each time, an hour at most") {
  ServerRest servers;
  auto now = at(1000);
  servers.failed("a", now, now);
  CHECK_FALSE(servers.rest("a", now));
  for (const int wait : {30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600}) {
    servers.failed("a", now, now);
    REQUIRE(servers.rest("a", now));
    CHECK(servers.rest("a", now)->left == seconds(wait));
    CHECK(servers.rest("a", now + seconds(wait) - seconds(1))->left == seconds(1));
    CHECK_FALSE(servers.rest("b", now));
    now += seconds(wait);
    CHECK_FALSE(servers.rest("a", now));
  }
}

TEST_CASE("one box finds out whether a server is back, and its answer is everybody's") {
  ServerRest servers;
  servers.failed("a", at(0), at(1));
  servers.failed("a", at(2), at(3));
  CHECK_FALSE(servers.rest("a", at(33)));
  REQUIRE(servers.rest("a", at(33)));
  CHECK(servers.rest("a", at(33))->left == seconds(0));
  CHECK(servers.rest("a", at(33))->failures == 2);
  servers.answered("a");
  CHECK_FALSE(servers.rest("a", at(34)));
  CHECK_FALSE(servers.rest("a", at(34)));
}

TEST_CASE("tries that fail beside each other count as one") {
  ServerRest servers;
  for (int box = 0; box < 8; ++box) servers.failed("a", at(box), at(30 + box));
  CHECK_FALSE(servers.rest("a", at(38)));
  servers.failed("a", at(38), at(68));
  CHECK(servers.rest("a", at(68))->failures == 2);
}

}  // namespace
}  // namespace paymentctl
