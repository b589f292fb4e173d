#include "run/mail_queue.hpp"

#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

using namespace paymentctl;

namespace {

std::vector<ArchivedMail> batch(int first, int count, std::size_t size) {
  std::vector<ArchivedMail> mails;
  for (int i = first; i < first + count; ++i) {
    mails.push_back({std::to_string(i), "", std::string(size, 'x')});
  }
  return mails;
}

}  // namespace

TEST_CASE("Mails come out of the queue in the order in which they went in, then it ends") {
  MailQueue queue(50'000);
  std::thread fetching([&queue] {
    for (int first = 0; first < 1000; first += 10) queue.put(batch(first, 10, 2000));
    queue.end();
  });
  for (int i = 0; i < 1000; ++i) CHECK(queue.take().value().path == std::to_string(i));
  CHECK_FALSE(queue.take());
  CHECK_FALSE(queue.take());
  fetching.join();
}

TEST_CASE("No more bytes wait in the queue than it may hold, but one batch of any size") {
  MailQueue queue(10'000);
  queue.put(batch(0, 2, 100'000));
  std::atomic<bool> second_is_in = false;
  std::thread fetching([&] {
    queue.put(batch(2, 1, 100));
    second_is_in = true;
    queue.end();
  });
  CHECK(queue.take().value().path == "0");
  CHECK_FALSE(second_is_in);
  CHECK(queue.take().value().path == "1");
  CHECK(queue.take().value().path == "2");
  CHECK_FALSE(queue.take());
  fetching.join();
}

TEST_CASE("Who takes no more does not hold up who puts") {
  MailQueue queue(100);
  std::thread fetching([&queue] {
    for (int i = 0; i < 100; ++i) queue.put(batch(i, 1, 1000));
    queue.end();
  });
  CHECK(queue.take().value().path == "0");
  queue.close();
  fetching.join();
  CHECK_FALSE(queue.take());
}

TEST_CASE("The queue is ready when take() need not wait") {
  MailQueue queue(1000);
  CHECK_FALSE(queue.is_ready());
  queue.put(batch(0, 1, 10));
  CHECK(queue.is_ready());
  CHECK(queue.take());
  CHECK_FALSE(queue.is_ready());
  queue.end();
  CHECK(queue.is_ready());
}
