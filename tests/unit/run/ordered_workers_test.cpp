#include "run/ordered_workers.hpp"

#include <atomic>
#include <stdexcept>

#include <catch2/catch.hpp>

using paymentctl::OrderedWorkers;

TEST_CASE("Results are taken in the order of the items, whichever thread was faster") {
  const unsigned threads = GENERATE(1u, 2u, 4u);
  std::atomic<int> busy = 0;
  OrderedWorkers<int, int> workers(threads, 8, [&busy](int number) {
    busy += number % 7;
    return number * 2;
  });
  int given = 0;
  std::vector<int> taken;
  workers.run([&given]() { return given < 1000 ? std::optional(given++) : std::nullopt; },
              [&taken](int result) { taken.push_back(result); });
  REQUIRE(taken.size() == 1000);
  for (int i = 0; i < 1000; ++i) CHECK(taken[static_cast<std::size_t>(i)] == i * 2);
}

TEST_CASE("No more items are under way than the window allows") {
  OrderedWorkers<int, int> workers(2, 5, [](int number) { return number; });
  int given = 0;
  int taken = 0;
  int most = 0;
  workers.run(
      [&]() {
        most = std::max(most, given - taken + 1);
        return given < 100 ? std::optional(given++) : std::nullopt;
      },
      [&](int) { ++taken; });
  CHECK(most == 5);
}

TEST_CASE("A failure comes out when its turn has come, after everything before it was taken") {
  const unsigned threads = GENERATE(1u, 2u);
  OrderedWorkers<int, int> workers(threads, 16, [](int number) {
    if (number == 10) throw std::runtime_error("ten");
    return number;
  });
  int given = 0;
  int taken = 0;
  CHECK_THROWS_WITH(workers.run([&]() { return std::optional(given++); }, [&](int) { ++taken; }),
                    "ten");
  CHECK(taken == 10);
}

TEST_CASE("Results that are there are taken before an item is waited for") {
  const unsigned threads = GENERATE(1u, 2u, 4u);
  OrderedWorkers<int, int> workers(threads, 16, [](int number) { return number; });
  int given = 0;
  int taken = 0;
  int ready = 5;  // so many come at once, then they have to be waited for
  workers.run(
      [&]() -> std::optional<int> {
        if (given == ready) {
          CHECK(taken == given);
          ready += 5;
        }
        return given < 50 ? std::optional(given++) : std::nullopt;
      },
      [&](int) { ++taken; }, [&] { return given < ready; });
  CHECK(taken == 50);
}
