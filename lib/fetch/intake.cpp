#include "fetch/intake.hpp"

#include <utility>

namespace paymentctl {

Intake::Intake(const FetchContext& context, FetchReport& report, Release release)
    : context_(context), report_(report), release_(std::move(release)) {}

Intake::~Intake() = default;

FileBatch& Intake::batch() {
  if (!batch_) {
    day_ = context_.clock.local(context_.clock.now()).date.iso();
    batch_ = std::make_unique<FileBatch>(context_.archive / day_);
  }
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
  mail.record.body_sha256 = std::move(digest.body_sha256);
  mail.record.uidl = std::move(uidl);
  mail.record.size = digest.size;
  mail.record.oversize = digest.size > context_.limits.max_mail_size;
  mail.ticket = ticket;
  mail.staged = staged_;
  mail.bytes = std::move(bytes_);
  pending_bytes_ += mail.bytes.size();
  pending_.push_back(std::move(mail));
  bytes_.clear();
  staged_.reset();
  digest_.reset();
  if (pending_.size() >= context_.limits.batch_mails ||
      pending_bytes_ >= context_.limits.batch_bytes) {
    commit();
  }
}

void Intake::commit() {
  if (pending_.empty()) return;
  std::vector<MailRecord> records;
  records.reserve(pending_.size());
  for (const Pending& mail : pending_) records.push_back(mail.record);
  const std::vector<bool> known = seen_before(context_.mails, records);
  std::vector<MailRecord> fresh;
  std::vector<std::size_t> tickets;
  fresh.reserve(pending_.size());
  tickets.reserve(pending_.size());
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    Pending& mail = pending_[i];
    tickets.push_back(mail.ticket);
    if (known[i]) {
      if (mail.staged) batch().drop(*mail.staged);
      continue;
    }
    if (!mail.staged) batch().add(mail.record.path, mail.bytes);
    mail.record.path = day_ + "/" + mail.record.path;
    fresh.push_back(std::move(mail.record));
  }
  if (batch_) batch_->commit();
  if (!fresh.empty()) context_.mails.record(fresh);
  report_.recorded += fresh.size();
  report_.known += pending_.size() - fresh.size();
  for (const MailRecord& record : fresh) report_.oversize += record.oversize ? 1u : 0u;
  done_ += pending_.size();
  pending_.clear();
  pending_bytes_ = 0;
  batch_.reset();
  release_(tickets);
  if (context_.progress) context_.progress(done_);
}

}  // namespace paymentctl
