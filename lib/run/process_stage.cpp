#include <utility>

#include "platform/files.hpp"
#include "run/judge_file.hpp"
#include "run/posting.hpp"

namespace paymentctl {
namespace {

constexpr int page = 500;

/// The mails in state `fetched`, page by page.
class FetchedMails {
 public:
  explicit FetchedMails(BoxSession& session) : session_(session) {}

  std::optional<MessageRow> next() {
    if (at_ == rows_.size()) {
      rows_ = fetched_mails(session_.ledger, session_.key, after_, page);
      at_ = 0;
      if (rows_.empty()) return std::nullopt;
      after_ = rows_.back().id;
    }
    return rows_[at_++];
  }

 private:
  BoxSession& session_;
  std::vector<MessageRow> rows_;
  std::size_t at_ = 0;
  std::int64_t after_ = 0;
};

struct JudgedRow {
  MessageRow row;
  std::optional<JudgedMail> mail;
  std::string problem;
  ExitCode code = ExitCode::ok;
};

JudgedRow judge_row(const BoxSession& session, MessageRow row) {
  JudgedRow result{std::move(row), std::nullopt, "", ExitCode::ok};
  try {
    JudgedMail mail =
        judge_file(session.judge, session.archived(result.row.path), session.box.max_mail_size);
    if (mail.source.sha256 != result.row.sha256) {
      throw Error(ExitCode::data,
                  "archived mail " + mail.source.path +
                      " is no longer what was fetched; restore it from a backup of the archive");
    }
    result.mail = std::move(mail);
  } catch (const Error& error) {
    result.problem = error.what();
    result.code = error.code();
  }
  return result;
}

PostingMail posting_mail(JudgedMail mail) {
  PostingMail posting;
  posting.path = mail.source.path;
  posting.mail.sha256 = mail.source.sha256;
  posting.lines = lines_of(mail);
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

}  // namespace

void process_fetched(BoxSession& session, bool notify, RunReport& report) {
  PostingBatch batch(session, notify, report);
  FetchedMails fetched(session);
  OrderedWorkers<MessageRow, JudgedRow> workers(
      judging_threads(), judging_window,
      [&session](MessageRow row) { return judge_row(session, std::move(row)); });
  workers.run([&fetched] { return fetched.next(); },
              [&](JudgedRow judged) {
                if (judged.mail) {
                  batch.add(posting_mail(*std::move(judged.mail)));
                  return;
                }
                session.observer.problem(judged.problem);
                ++report.failed;
                report.fail(judged.code);
              });
  batch.finish();
}

}  // namespace paymentctl
