#include "platform/own_memory.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace paymentctl {
namespace {

TEST_CASE("several threads may give memory back at once") {
  std::atomic<int> ready = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&ready] {
      ++ready;
      while (ready < 4) std::this_thread::yield();
      give_back_memory();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace paymentctl
