#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "run/fetch_side.hpp"

namespace paymentctl {

/// A fetch in a thread of its own, so that mails are judged and posted while the next ones are
/// read and archived. What it has to tell is told at its end, in the thread that takes its mails.
class BackgroundFetch {
 public:
  /// Takes the box's lock and starts. Errors: the lock is held by another process (temporary), the
  /// ledger cannot be opened once more.
  BackgroundFetch(BoxSession& session, std::function<void(const FetchSide&)> fetch);
  /// Waits for the fetch, whose mails nobody takes any more.
  ~BackgroundFetch();
  BackgroundFetch(const BackgroundFetch&) = delete;
  BackgroundFetch& operator=(const BackgroundFetch&) = delete;

  /// The mail that was recorded last before it began: those up to it were left by an earlier run.
  [[nodiscard]] std::int64_t last_before() const { return last_before_; }

  /// Its mails, in order.
  MailQueue& mails() { return mails_; }

  /// When all mails are taken: tells the problems and adds to the report. What the fetch threw is
  /// answered.
  std::exception_ptr finish(RunReport& report);

 private:
  enum class Kind { problem, warning };
  void work(const std::function<void(const FetchSide&)>& fetch) noexcept;

  BoxSession& session_;
  ProcessLock lock_;
  const std::int64_t last_before_;
  Ledger ledger_;
  MailQueue mails_;
  RunReport report_;
  std::vector<std::pair<Kind, std::string>> told_;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace paymentctl
