#include <utility>

#include "platform/files.hpp"
#include "run/archived_mail.hpp"
#include "run/background_fetch.hpp"
#include "run/judge_file.hpp"
#include "run/posting.hpp"

namespace paymentctl {
namespace {

constexpr int waiting_page = 500;

/// The mails in state `fetched` up to the id `last`, page by page.
class LeftMails {
 public:
  LeftMails(BoxSession& session, std::int64_t last) : session_(session), last_(last) {}

  std::optional<ArchivedMail> next() {
    if (at_ == rows_.size()) {
      rows_ = fetched_mails(session_.ledger, session_.key, after_, waiting_page);
      at_ = 0;
      if (rows_.empty()) return std::nullopt;
      after_ = rows_.back().id;
    }
    MessageRow& row = rows_[at_++];
    if (row.id > last_) return std::nullopt;
    restore_archived(session_, row);
    ArchivedMail mail{std::move(row.path), std::move(row.sha256), "", std::nullopt, row.id};
    if (row.is_untrusted()) mail.to_prove = MailFacts{std::move(row.suspicion), row.fetched_at};
    return mail;
  }

 private:
  BoxSession& session_;
  const std::int64_t last_;
  std::vector<MessageRow> rows_;
  std::size_t at_ = 0;
  std::int64_t after_ = 0;
};

PostingMail posting_mail(JudgedMail mail) {
  PostingMail posting;
  posting.path = mail.source.path;
  posting.mail.sha256 = mail.source.sha256;
  posting.lines = lines_of(mail);
  if (!mail.evidence.is_null()) keep_evidence(mail.evidence, posting.mail);
  if (!mail.quarantined.empty()) {
    posting.mail.state = MessageState::quarantined;
    posting.mail.reason = mail.quarantined;
    return posting;
  }
  if (auto* payments = std::get_if<Payments>(&mail.notice)) {
    for (Payment& payment : *payments) {
      posting.mail.format = payment.source.format;
      posting.mail.payments.push_back({std::move(payment), std::nullopt});
    }
  } else if (const auto* ignored = std::get_if<Ignored>(&mail.notice)) {
    posting.mail.state = MessageState::ignored;
    posting.mail.reason = ignored->reason;
    posting.mail.format = ignored->format;
  } else {
    posting.mail.state = MessageState::unrecognised;
    posting.mail.reason = std::get<Unrecognised>(mail.notice).reason;
  }
  return posting;
}

JudgedMail judge_archived(const BoxSession& session, const ArchivedMail& mail) {
  const std::filesystem::path file = session.archived(mail.path);
  const std::uint64_t limit = session.box.max_mail_size;
  if (mail.bytes.size() > limit) {
    return mail.to_prove
               ? session.sender_judge.oversize(display(file), mail.sha256, mail.bytes.size(), limit)
               : session.judge.oversize(display(file), mail.sha256, mail.bytes.size(), limit);
  }
  if (!mail.bytes.empty()) {
    return mail.to_prove
               ? session.sender_judge.judge(mail.bytes, display(file), *mail.to_prove, mail.sha256)
               : session.judge.judge(mail.bytes, display(file), mail.sha256);
  }
  JudgedMail judged = mail.to_prove
                          ? judge_untrusted_file(session.sender_judge, file, limit, *mail.to_prove)
                          : judge_file(session.judge, file, limit);
  if (judged.source.sha256 != mail.sha256) {
    throw Error(ExitCode::data,
                "archived mail " + judged.source.path +
                    " is no longer what was fetched; restore it from a backup of the archive");
  }
  return judged;
}

/// A mail on its way to posting, or what kept it from being judged.
struct JudgedArchived {
  std::optional<PostingMail> mail;
  std::string problem;
  ExitCode code = ExitCode::ok;
};

JudgedArchived judged(const BoxSession& session, const ArchivedMail& mail) {
  try {
    PostingMail posting = posting_mail(judge_archived(session, mail));
    posting.mail.message = mail.message;
    return {std::move(posting), "", ExitCode::ok};
  } catch (const Error& error) {
    return {std::nullopt, error.what(), error.code()};
  }
}

}  // namespace

void fetch_and_process(BoxSession& session, const std::function<void(const FetchSide&)>& fetch,
                       bool notify, RunReport& report) {
  PostingBatch batch(session, notify, report);
  BackgroundFetch fetching(session, fetch);
  LeftMails left(session, fetching.last_before());
  bool any_left = true;
  const auto next = [&]() -> std::optional<ArchivedMail> {
    if (session.stop.stop_requested()) return std::nullopt;
    if (any_left) {
      if (auto mail = left.next()) return mail;
      any_left = false;
    }
    // Rather than wait for more.
    if (!fetching.mails().is_ready()) batch.post();
    return fetching.mails().take();
  };
  OrderedWorkers<ArchivedMail, JudgedArchived> workers(
      judging_threads(), judging_window,
      [&session](const ArchivedMail& mail) { return judged(session, mail); });
  workers.run(
      next,
      [&](JudgedArchived result) {
        if (result.mail) {
          batch.add(*std::move(result.mail));
          return;
        }
        session.observer.problem(result.problem);
        ++report.failed;
        report.fail(result.code);
      },
      [&] { return any_left || fetching.mails().is_ready(); });
  const std::exception_ptr failure = fetching.finish(report);
  if (session.stop.stop_requested()) {
    batch.post();
    report.stopped = true;
  } else {
    batch.finish();
  }
  // A mail left by a kill may have been judged before its folder offered it again.
  requeue_own_mails(session.ledger, session.key, session.clock.now());
  if (failure) std::rethrow_exception(failure);
}

}  // namespace paymentctl
