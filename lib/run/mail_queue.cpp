#include "run/mail_queue.hpp"

#include <utility>

namespace paymentctl {
namespace {

/// The mail and what keeps it.
std::size_t size_of(const ArchivedMail& mail) { return mail.bytes.size() + 256; }

}  // namespace

void MailQueue::put(std::vector<ArchivedMail> mails) {
  std::size_t size = 0;
  for (const ArchivedMail& mail : mails) size += size_of(mail);
  std::unique_lock lock(mutex_);
  emptied_.wait(lock, [&] { return closed_ || mails_.empty() || bytes_ + size <= most_bytes_; });
  if (closed_) return;
  bytes_ += size;
  for (ArchivedMail& mail : mails) mails_.push_back(std::move(mail));
  lock.unlock();
  filled_.notify_one();
}

void MailQueue::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  filled_.notify_one();
}

bool MailQueue::is_ready() {
  const std::lock_guard lock(mutex_);
  return ended_ || !mails_.empty();
}

std::optional<ArchivedMail> MailQueue::take() {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [this] { return ended_ || !mails_.empty(); });
  if (mails_.empty()) return std::nullopt;
  ArchivedMail mail = std::move(mails_.front());
  mails_.pop_front();
  bytes_ -= size_of(mail);
  lock.unlock();
  emptied_.notify_one();
  return mail;
}

void MailQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    mails_.clear();
    bytes_ = 0;
  }
  emptied_.notify_one();
}

}  // namespace paymentctl
