#include "platform/dns.hpp"

#include <map>
#include <mutex>
#include <utility>

#include "platform/dns_question.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_answers = 10'000;

class SystemResolver : public Resolver {
 public:
  explicit SystemResolver(std::optional<DnsServer> server) : server_(std::move(server)) {}
  TxtAnswer txt(const std::string& name) override { return ask_system(server_, name); }

 private:
  std::optional<DnsServer> server_;
};

class CachingResolver : public Resolver {
 public:
  CachingResolver(std::unique_ptr<Resolver> source, int most_failures)
      : source_(std::move(source)), failures_left_(most_failures) {}

  TxtAnswer txt(const std::string& name) override {
    // The lock is held while asking: mails of one bank ask for one key, and once is enough.
    const std::lock_guard lock(mutex_);
    if (const auto known = answers_.find(name); known != answers_.end()) return known->second;
    if (failures_left_ <= 0) return last_failure_;
    TxtAnswer answer = source_->txt(name);
    if (answer.status == TxtAnswer::Status::failed) {
      --failures_left_;
      last_failure_ = answer;
    }
    if (answers_.size() >= most_answers) answers_.clear();
    answers_.emplace(name, answer);
    return answer;
  }

 private:
  std::unique_ptr<Resolver> source_;
  std::mutex mutex_;
  std::map<std::string, TxtAnswer> answers_;
  TxtAnswer last_failure_;
  int failures_left_;
};

}  // namespace

std::unique_ptr<Resolver> system_resolver(std::optional<DnsServer> server) {
  return std::make_unique<SystemResolver>(std::move(server));
}

std::unique_ptr<Resolver> caching_resolver(std::unique_ptr<Resolver> source, int most_failures) {
  return std::make_unique<CachingResolver>(std::move(source), most_failures);
}

}  // namespace paymentctl
