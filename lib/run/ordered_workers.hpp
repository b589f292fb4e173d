#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace paymentctl {

/// Spreads `work` over several threads and keeps the order: `next` is asked for items and `take` is
/// given their results, both in the calling thread, results in the order of the items. At most
/// `window` items are under way, so memory stays flat however many there are. An exception out of
/// `work` comes out of run() when its turn has come; nothing after it is taken. With one thread the
/// work is done in the calling one, since handing it over would only cost time. Where `next` may
/// have to wait, `is_ready` says whether it would not: results that are there are then taken first.
template <typename Item, typename Result>
class OrderedWorkers {
 public:
  OrderedWorkers(unsigned threads, std::size_t window, std::function<Result(Item)> work)
      : window_(window), work_(std::move(work)) {
    for (unsigned i = 0; threads > 1 && i < threads; ++i) {
      threads_.emplace_back([this] { serve(); });
    }
  }
  OrderedWorkers(const OrderedWorkers&) = delete;
  OrderedWorkers& operator=(const OrderedWorkers&) = delete;

  ~OrderedWorkers() {
    {
      const std::lock_guard lock(mutex_);
      waiting_.clear();
      ending_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void run(
      const std::function<std::optional<Item>()>& next, const std::function<void(Result)>& take,
      const std::function<bool()>& is_ready = [] { return true; }) {
    if (threads_.empty()) {
      while (std::optional<Item> item = next()) take(work_(*std::move(item)));
      return;
    }
    bool more = true;
    while (true) {
      while (more && under_way_.size() < window_ && (under_way_.empty() || is_ready())) {
        std::optional<Item> item = next();
        if (!item) {
          more = false;
          break;
        }
        submit(*std::move(item));
      }
      if (under_way_.empty()) return;
      take(first_result());
    }
  }

 private:
  struct Job {
    explicit Job(Item given) : item(std::move(given)) {}
    Item item;
    std::optional<Result> result;
    std::exception_ptr failure;
    bool done = false;
  };

  void submit(Item item) {
    auto job = std::make_shared<Job>(std::move(item));
    under_way_.push_back(job);
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(job));
    }
    wake_.notify_one();
  }

  Result first_result() {
    const std::shared_ptr<Job> job = std::move(under_way_.front());
    under_way_.pop_front();
    std::unique_lock lock(mutex_);
    finished_.wait(lock, [&job] { return job->done; });
    lock.unlock();
    if (job->failure) std::rethrow_exception(job->failure);
    return *std::move(job->result);
  }

  void serve() {
    while (true) {
      std::shared_ptr<Job> job;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        job = std::move(waiting_.front());
        waiting_.pop_front();
      }
      try {
        job->result.emplace(work_(std::move(job->item)));
      } catch (...) {
        job->failure = std::current_exception();
      }
      {
        const std::lock_guard lock(mutex_);
        job->done = true;
      }
      finished_.notify_one();
    }
  }

  const std::size_t window_;
  const std::function<Result(Item)> work_;
  std::deque<std::shared_ptr<Job>> under_way_;  // the calling thread's alone
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable finished_;
  std::deque<std::shared_ptr<Job>> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace paymentctl
