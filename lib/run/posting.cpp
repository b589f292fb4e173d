#include "run/posting.hpp"

#include <utility>

#include <fmt/format.h>

#include "model/names.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

// One commit, and so one flush of the disk, for that many. On a server others post meanwhile, and
// the longer a transaction, the more of it is done again when it is in their way.
constexpr std::size_t batch_mails = 1000;
constexpr std::size_t batch_mails_on_server = 250;

/// The line of `match` with what the ledger knows on top.
Json line_of(const PostedPayment& posted, Json payment) {
  Json line = to_json(posted.match, std::move(payment));
  line["status"] = name_of(posted.status);
  line["payment_id"] = posted.payment_id;
  if (posted.duplicate_of != 0) line["duplicate_of"] = posted.duplicate_of;
  Json& allocations = line["allocations"];
  for (std::size_t i = 0; i < posted.document_statuses.size() && i < allocations.size(); ++i) {
    allocations[i]["document_status"] = name_of(posted.document_statuses[i]);
  }
  return line;
}

/// The same of a payment that had waited, whose line nobody has in hand.
Json line_of(const PostedPayment& posted, const BoxSession& session) {
  Json payment = to_json(posted.payment);
  const std::string& path = posted.payment.source.path;
  if (!path.empty()) payment["source"]["path"] = utf8_of(session.archived(path));
  return line_of(posted, std::move(payment));
}

}  // namespace

void keep_evidence(const Json& evidence, MailToPost& mail) {
  mail.evidence = to_line(evidence);
  const auto text = evidence.find("signed_text");
  if (text != evidence.end() && text->is_string()) mail.signed_text = text->get<std::string>();
}

std::vector<Json> settle_now(BoxSession& session) {
  std::vector<Json> lines;
  for (const PostedPayment& posted : settle_waiting(session.ledger, session.post_settings(true))) {
    lines.push_back(line_of(posted, session));
  }
  return lines;
}

PostingBatch::PostingBatch(BoxSession& session, bool notify, RunReport& report)
    : session_(session),
      report_(report),
      settings_(session.post_settings(notify)),
      most_(session.box.ledger_is_url() ? batch_mails_on_server : batch_mails) {
  settings_.defer_weaker_rules = true;
}

void PostingBatch::add(PostingMail mail) {
  payments_waiting_ += mail.mail.payments.size();
  waiting_.push_back(std::move(mail));
  if (waiting_.size() >= most_ || payments_waiting_ >= 2 * most_) post();
}

void PostingBatch::post() {
  if (waiting_.empty()) return;
  std::vector<MailToPost> mails;
  for (PostingMail& each : waiting_) mails.push_back(std::move(each.mail));
  settings_.now = session_.clock.now();
  const std::vector<PostedMail> posted = post_mails(session_.ledger, settings_, mails);
  for (std::size_t i = 0; i < posted.size(); ++i) tell(posted[i], waiting_[i]);
  done_ += waiting_.size();
  session_.observer.progress("posted", done_);
  waiting_.clear();
  payments_waiting_ = 0;
}

void PostingBatch::tell(const PostedMail& posted, const PostingMail& mail) {
  if (posted.error) {
    session_.observer.problem(
        fmt::format("mail {} could not be posted and stays for the next run: "
                    "{}",
                    mail.path, *posted.error));
    ++report_.failed;
    report_.fail(ExitCode::software);
    return;
  }
  ++report_.mails[std::string(name_of(posted.state))];
  if (!posted.reason.empty() && !mail.lines.empty()) {
    session_.observer.line({{"type", name_of(posted.state)},
                            {"source", mail.lines.front().at("source")},
                            {"reason", posted.reason}});
    return;
  }
  if (posted.payments.empty()) {
    for (const Json& line : mail.lines) session_.observer.line(line);
    return;
  }
  for (std::size_t i = 0; i < posted.payments.size(); ++i) {
    ++report_.payments[std::string(name_of(posted.payments[i].status))];
    session_.observer.line(line_of(posted.payments[i], i < mail.lines.size()
                                                           ? mail.lines[i]
                                                           : to_json(posted.payments[i].payment)));
  }
}

void PostingBatch::finish() {
  post();
  settings_.defer_weaker_rules = false;
  settings_.now = session_.clock.now();
  for (const PostedPayment& posted : settle_waiting(session_.ledger, settings_)) {
    ++report_.settled_later;
    session_.observer.line(line_of(posted, session_));
  }
}

}  // namespace paymentctl
