#include "fetch/intake.hpp"

#include <utility>

#include <fmt/format.h>

#include "platform/files.hpp"
#include "platform/paths.hpp"

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
  MailRecord& record = records_.emplace_back();
  record.path = std::move(name_);
  record.sha256 = std::move(digest.sha256);
  record.message_id = std::move(digest.message_id);
  record.header = std::move(digest.header);
  record.body_sha256 = std::move(digest.body_sha256);
  record.uidl = std::move(uidl);
  record.size = digest.size;
  record.oversize = digest.size > context_.limits.max_mail_size;
  record.bytes = std::exchange(bytes_, {});
  pending_bytes_ += record.bytes.size() + record.header.size();
  pending_.push_back({ticket, std::exchange(staged_, std::nullopt)});
  digest_.reset();
  if (pending_.size() >= context_.limits.batch_mails ||
      pending_bytes_ >= context_.limits.batch_bytes) {
    commit();
  }
}

void Intake::put_back_lost(const std::vector<MailRecord>& records, const std::vector<bool>& known) {
  if (!context_.releases) return;
  std::vector<std::size_t> places;
  std::vector<MailRecord> identities;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!known[i]) continue;
    places.push_back(i);
    MailRecord& identity = identities.emplace_back();
    identity.sha256 = records[i].sha256;
    identity.message_id = records[i].message_id;
    identity.body_sha256 = records[i].body_sha256;
  }
  if (identities.empty()) return;
  const std::vector<std::optional<RecordedCopy>> copies = context_.mails.copies(identities);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (copies[i]) put_back(records[places[i]], *copies[i]);
  }
}

void Intake::put_back(const MailRecord& mail, const RecordedCopy& copy) {
  std::filesystem::path file = context_.archive / path_from_utf8(copy.path);
  if (look_at(file)) return;
  std::string repair;
  if (mail.sha256 == copy.sha256) {
    repair = fmt::format("the mail {} was missing in the archive and is put back", copy.path);
  } else {
    // Under the recorded name only the recorded bytes are believed.
    file.replace_filename(mail.sha256 + ".eml");
    if (look_at(file)) return;
    repair = fmt::format(
        "the mail {} is missing in the archive; it came again with another header and is kept "
        "beside it as {}",
        copy.path, utf8_of(file.filename()));
  }
  const bool is_staged = mail.bytes.empty() && mail.size > 0;
  put_into_archive(file, is_staged
                             ? read_file(context_.archive / day_ /
                                             path_from_utf8(FileBatch::temporary_name(mail.path)),
                                         mail.size)
                             : mail.bytes);
  report_.repairs.push_back(std::move(repair));
}

std::vector<MailRecord> Intake::write(std::vector<MailRecord> records,
                                      const std::vector<Pending>& mails, FileBatch* staged) {
  const std::vector<bool> known = seen_before(context_.mails, records);
  put_back_lost(records, known);
  std::unique_ptr<FileBatch> own;
  std::vector<MailRecord> fresh;
  fresh.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    MailRecord& record = records[i];
    if (known[i]) {
      if (mails[i].staged) staged->drop(*mails[i].staged);
      continue;
    }
    if (staged == nullptr) {
      own = begin_batch();
      staged = own.get();
    }
    if (!mails[i].staged) staged->add(record.path, record.bytes);
    record.path = day_ + "/" + record.path;
    fresh.push_back(std::move(record));
  }
  if (staged != nullptr) staged->commit();
  return fresh;
}

void Intake::commit() {
  if (pending_.empty()) return;
  // After a failure nothing of this batch may be tried again: a part of it is done.
  const std::vector<Pending> mails = std::exchange(pending_, {});
  const std::unique_ptr<FileBatch> files = std::exchange(batch_, nullptr);
  pending_bytes_ = 0;
  const std::vector<MailRecord> fresh = write(std::exchange(records_, {}), mails, files.get());
  if (!fresh.empty()) context_.mails.record(fresh);
  report_.recorded += fresh.size();
  report_.known += mails.size() - fresh.size();
  for (const MailRecord& record : fresh) report_.oversize += record.oversize ? 1u : 0u;
  done_ += mails.size();
  std::vector<std::size_t> tickets;
  tickets.reserve(mails.size());
  for (const Pending& mail : mails) tickets.push_back(mail.ticket);
  release_(tickets);
  if (context_.progress) context_.progress(done_);
}

}  // namespace paymentctl
