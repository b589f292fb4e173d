#include "run/background_fetch.hpp"

#include "ledger/messages.hpp"

namespace paymentctl {
namespace {

// A few batches of fetching may be ahead of judging.
constexpr std::size_t most_waiting = 8u << 20;

}  // namespace

BackgroundFetch::BackgroundFetch(BoxSession& session, std::function<void(const FetchSide&)> fetch)
    : session_(session),
      lock_(lock_sources(session)),
      last_before_(newest_mail(session.ledger, session.key)),
      ledger_(session.ledger.another()),
      mails_(most_waiting),
      thread_([this, fetch = std::move(fetch)] { work(fetch); }) {}

BackgroundFetch::~BackgroundFetch() {
  mails_.close();
  if (thread_.joinable()) thread_.join();
}

void BackgroundFetch::work(const std::function<void(const FetchSide&)>& fetch) noexcept {
  try {
    Observer observer;
    observer.problem = [this](const std::string& text) { told_.emplace_back(Kind::problem, text); };
    observer.warning = [this](const std::string& text) { told_.emplace_back(Kind::warning, text); };
    fetch({session_, ledger_, observer, report_, &mails_});
  } catch (...) {
    failure_ = std::current_exception();
  }
  mails_.end();
}

std::exception_ptr BackgroundFetch::finish(RunReport& report) {
  mails_.close();
  thread_.join();
  for (const auto& [kind, text] : told_) {
    (kind == Kind::problem ? session_.observer.problem : session_.observer.warning)(text);
  }
  report.fetched += report_.fetched;
  report.failed += report_.failed;
  if (report_.exit_code != ExitCode::ok) report.fail(report_.exit_code);
  return failure_;
}

}  // namespace paymentctl
