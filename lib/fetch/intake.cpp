#include "fetch/intake.hpp"

#include <utility>

namespace paymentctl {

Intake::Intake(const FetchContext& context, FetchReport& report, Release release)
    : context_(context), report_(report), release_(std::move(release)) {}

Intake::~Intake() = default;

std::unique_ptr<FileBatch> Intake::begin_batch() {
  day_ = context_.clock.local(context_.clock.now()).date.iso();
  return std::make_unique<FileBatch>(context_.archive / day_);
}

FileBatch& Intake::batch() {
  if (!batch_) batch_ = begin_batch();
  return *batch_;
}

void Intake::append(std::string_view bytes) {
  if (!digest_) digest_.emplace();
  digest_->update(bytes);
  if (!staged_ && bytes_.size() + bytes.size() > context_.limits.spool_from) spool();
  if (staged_) {
    batch().append(*staged_, bytes);
  } else {
    bytes_.append(bytes);
  }
}

void Intake::spool() {
  name_ = context_.new_name() + ".eml";
  staged_ = batch().open(name_);
  batch().append(*staged_, bytes_);
  bytes_.clear();
}

void Intake::cancel() {
  if (staged_) batch().drop(*staged_);
  staged_.reset();
  bytes_.clear();
  digest_.reset();
}

void Intake::finish(std::size_t ticket, std::string uidl) {
  if (!digest_) digest_.emplace();
  if (staged_) {
    batch().close(*staged_);
  } else {
    name_ = context_.new_name() + ".eml";
  }
  MailDigest::Result digest = digest_->finish();
  Pending mail;
  mail.record.path = std::move(name_);
  mail.record.sha256 = std::move(digest.sha256);
  mail.record.message_id = std::move(digest.message_id);
  mail.record.header = std::move(digest.header);
  mail.record.body_sha256 = std::move(digest.body_sha256);
  mail.record.uidl = std::move(uidl);
  mail.record.size = digest.size;
  mail.record.oversize = digest.size > context_.limits.max_mail_size;
  mail.ticket = ticket;
  mail.staged = staged_;
  mail.bytes = std::move(bytes_);
  pending_bytes_ += mail.bytes.size() + mail.record.header.size();
  pending_.push_back(std::move(mail));
  bytes_.clear();
  staged_.reset();
  digest_.reset();
  if (pending_.size() >= context_.limits.batch_mails ||
      pending_bytes_ >= context_.limits.batch_bytes) {
    commit();
  }
}

std::vector<std::size_t> Intake::write(std::vector<Pending>& mails, FileBatch* staged) {
  std::vector<MailRecord> records;
  records.reserve(mails.size());
  for (const Pending& mail : mails) records.push_back(mail.record);
  const std::vector<bool> known = seen_before(context_.mails, records);
  std::unique_ptr<FileBatch> own;
  std::vector<std::size_t> fresh;
  for (std::size_t i = 0; i < mails.size(); ++i) {
    Pending& mail = mails[i];
    if (known[i]) {
      if (mail.staged) staged->drop(*mail.staged);
      continue;
    }
    if (staged == nullptr) {
      own = begin_batch();
      staged = own.get();
    }
    if (!mail.staged) staged->add(mail.record.path, mail.bytes);
    mail.record.path = day_ + "/" + mail.record.path;
    fresh.push_back(i);
  }
  if (staged != nullptr) staged->commit();
  return fresh;
}

void Intake::commit() {
  if (pending_.empty()) return;
  // After a failure nothing of this batch may be tried again: a part of it is done.
  std::vector<Pending> mails = std::exchange(pending_, {});
  const std::unique_ptr<FileBatch> files = std::exchange(batch_, nullptr);
  pending_bytes_ = 0;
  std::vector<MailRecord> fresh;
  std::vector<std::size_t> tickets;
  fresh.reserve(mails.size());
  tickets.reserve(mails.size());
  for (const std::size_t i : write(mails, files.get())) fresh.push_back(std::move(mails[i].record));
  for (const Pending& mail : mails) tickets.push_back(mail.ticket);
  if (!fresh.empty()) context_.mails.record(fresh);
  report_.recorded += fresh.size();
  report_.known += mails.size() - fresh.size();
  for (const MailRecord& record : fresh) report_.oversize += record.oversize ? 1u : 0u;
  done_ += mails.size();
  release_(tickets);
  if (context_.progress) context_.progress(done_);
}

}  // namespace paymentctl
