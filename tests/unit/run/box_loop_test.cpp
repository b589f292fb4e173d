#include "run/box_loop.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <stdexcept>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace paymentctl {
namespace {

using std::chrono::seconds;

TEST_CASE("each box runs once where none is to run again") {
  for (const std::size_t jobs : {1U, 3U, 20U}) {
    std::vector<std::atomic<int>> runs(5);
    BoxLoop loop([&](std::size_t box) -> std::optional<seconds> {
      ++runs[box];
      return std::nullopt;
    });
    loop.run(runs.size(), jobs, {});
    for (const auto& each : runs) CHECK(each == 1);
  }
}

TEST_CASE("boxes run again and again until a stop, which also ends the wait for the next run") {
  std::stop_source stop;
  int runs = 0;
  BoxLoop loop([&](std::size_t) -> std::optional<seconds> {
    if (++runs < 3) return seconds(0);
    stop.request_stop();
    return seconds(3600);
  });
  loop.run(1, 1, stop.get_token());
  CHECK(runs == 3);

  std::stop_source later;
  std::thread other;
  BoxLoop waiting([&](std::size_t) -> std::optional<seconds> {
    other = std::thread([&] { later.request_stop(); });
    return seconds(3600);
  });
  waiting.run(1, 1, later.get_token());
  other.join();
}

TEST_CASE("so many boxes run at once as there are jobs, and no box twice at once") {
  std::mutex mutex;
  std::condition_variable met;
  int inside = 0;
  int most = 0;
  std::vector<std::atomic<int>> busy(4);
  std::vector<std::atomic<int>> runs(4);
  BoxLoop loop([&](std::size_t box) -> std::optional<seconds> {
    CHECK(++busy[box] == 1);
    {
      std::unique_lock lock(mutex);
      most = std::max(most, ++inside);
      met.notify_all();
      met.wait_for(lock, seconds(5), [&] { return most >= 2; });
      --inside;
    }
    --busy[box];
    return ++runs[box] < 3 ? std::optional(seconds(0)) : std::nullopt;
  });
  loop.run(4, 2, {});
  CHECK(most == 2);
  for (const auto& each : runs) CHECK(each == 3);
}

TEST_CASE("it is at rest when no box runs and none is due, and not before") {
  for (const std::size_t jobs : {1U, 3U}) {
    std::stop_source stop;
    std::atomic<int> running = 0;
    std::atomic<int> runs = 0;
    int rests = 0;
    BoxLoop loop(
        [&](std::size_t) -> std::optional<seconds> {
          ++running;
          std::this_thread::yield();
          --running;
          ++runs;
          return seconds(3600);
        },
        [&] {
          ++rests;
          CHECK(running == 0);
          CHECK(runs == 5);
          stop.request_stop();
        });
    loop.run(5, jobs, stop.get_token());
    CHECK(rests >= 1);
  }
}

TEST_CASE("what a run throws ends the loop and is thrown on") {
  for (const std::size_t jobs : {1U, 2U}) {
    BoxLoop loop([&](std::size_t box) -> std::optional<seconds> {
      if (box == 1) throw std::runtime_error("standard output is gone");
      return seconds(3600);
    });
    CHECK_THROWS_WITH(loop.run(2, jobs, {}), "standard output is gone");
  }
}

}  // namespace
}  // namespace paymentctl
