#include "run/reports.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ledger/messages.hpp"
#include "ledger/outbox.hpp"
#include "ledger/payments.hpp"
#include "ledger/status.hpp"
#include "notify/compose.hpp"
#include "notify/reports.hpp"
#include "notify/texts.hpp"
#include "platform/files.hpp"

namespace paymentctl {
namespace {

constexpr int most_rows = 500;
// A mail that nobody cared for in a week is left to the digest: a warning that never ends is
// not read.
constexpr auto reported_for = std::chrono::days(7);

WaitingItem item_of(const PaymentRow& row, Language language) {
  const Payment& payment = row.payment;
  WaitingItem item;
  item.kind = row.status == PaymentStatus::ambiguous ? WaitingItem::Kind::ambiguous
                                                     : WaitingItem::Kind::unmatched;
  const bool english = language == Language::en;
  const bool came = payment.direction == Direction::incoming;
  item.what =
      fmt::format(fmt::runtime(english ? "payment {}: {} {} on {}" : "platba {}: {} {} dne {}"),
                  row.id, english ? (came ? "received" : "paid") : (came ? "přijato" : "zaplaceno"),
                  amount_in_words_of(language, payment.amount, payment.currency),
                  day_in_words_of(language, payment.booked_on));
  if (payment.variable_symbol) item.what += ", VS " + payment.variable_symbol->str();
  if (payment.counterparty.account) item.what += ", " + payment.counterparty.account->str();
  if (payment.counterparty.name) item.what += ", " + *payment.counterparty.name;
  item.why = row.why;
  return item;
}

std::string name_of_mail(const MessageRow& row, Language language) {
  return fmt::format("{} {}{}{}: {}", language == Language::en ? "mail" : "zpráva", row.id,
                     row.from.empty() ? "" : ", ", row.from, row.subject);
}

std::string path_of(const BoxSession& session, const MessageRow& row) {
  return display(session.archived(row.path));
}

std::vector<WaitingItem> waiting_items(BoxSession& session) {
  std::vector<WaitingItem> items;
  const PaymentFilter payments{{PaymentStatus::unmatched, PaymentStatus::ambiguous}, 0, most_rows};
  for (const PaymentRow& row : list_payments(session.ledger, session.key, payments)) {
    items.push_back(item_of(row, session.box.language));
  }
  const MessageFilter mails{{MessageState::unrecognised, MessageState::quarantined}, 0, most_rows};
  for (const MessageRow& row : list_messages(session.ledger, session.key, mails)) {
    items.push_back({row.state == MessageState::quarantined ? WaitingItem::Kind::quarantined
                                                            : WaitingItem::Kind::unrecognised,
                     name_of_mail(row, session.box.language), row.reason, path_of(session, row)});
  }
  return items;
}

std::size_t count_of(const std::map<std::string, std::int64_t>& counts, std::string_view name) {
  const auto found = counts.find(std::string(name));
  return found == counts.end() ? 0 : static_cast<std::size_t>(found->second);
}

/// The report gets into the outbox, and an older one of its kind that still waits leaves it.
void put_report(BoxSession& session, OutboxKind kind, std::string cause, MailText text,
                const std::optional<OutboxEntry>& older, const std::string& from) {
  const Timestamp now = session.clock.now();
  OutboxEntry entry;
  entry.kind = kind;
  entry.cause = std::move(cause);
  entry.subject = std::move(text.subject);
  entry.text = std::move(text.text);
  entry.message_id = new_message_id(from);
  entry.written_at = now;
  entry.next_try = now;
  session.ledger.transaction([&] {
    if (older && older->state == OutboxState::waiting) {
      withdraw_outbox(session.ledger, session.key, older->id, now);
    }
    put_outbox(session.ledger, session.key, entry);
  });
}

void write_digest(BoxSession& session) {
  const MailRoute& route = session.box.notifications;
  if (route.from.empty() || route.to.empty()) return;
  const auto older = latest_outbox(session.ledger, session.key, OutboxKind::digest);
  const std::string cause = digest_cause(session.clock.local(session.clock.now()).date);
  if (older && older->cause == cause) return;
  const WaitingCounts counts = count_waiting(session.ledger, session.key);
  const std::size_t total = count_of(counts.payments, name_of(PaymentStatus::unmatched)) +
                            count_of(counts.payments, name_of(PaymentStatus::ambiguous)) +
                            count_of(counts.messages, name_of(MessageState::unrecognised)) +
                            count_of(counts.messages, name_of(MessageState::quarantined));
  if (total == 0) return;
  const std::vector<WaitingItem> items = waiting_items(session);
  put_report(session, OutboxKind::digest, cause,
             waiting_digest(session.box.language, items, std::max(total, items.size()),
                            display(session.box.file)),
             older, route.from);
}

/// A sentence without its numbers: the same fault with another port, time or count is not new.
std::string key_of(const std::string& problem) {
  std::string key = "problem:";
  std::copy_if(problem.begin(), problem.end(), std::back_inserter(key),
               [](char c) { return c < '0' || c > '9'; });
  return key;
}

std::vector<Failure> failures_of(BoxSession& session, const std::vector<std::string>& problems) {
  std::vector<Failure> failures;
  failures.reserve(problems.size());
  for (const std::string& problem : problems) {
    failures.push_back({key_of(problem), {problem, "", ""}});
  }
  MessageFilter filter{
      {MessageState::failed, MessageState::unrecognised, MessageState::quarantined}, 0, most_rows};
  const Timestamp since = session.clock.now() - reported_for;
  for (auto rows = list_messages(session.ledger, session.key, filter); !rows.empty();
       rows = list_messages(session.ledger, session.key, filter)) {
    filter.after = rows.back().id;
    for (const MessageRow& row : rows) {
      if (row.state != MessageState::failed && row.fetched_at < since) continue;
      failures.push_back(
          {fmt::format("{}:{}", name_of(row.state), row.sha256),
           {name_of_mail(row, session.box.language), row.reason, path_of(session, row)}});
    }
  }
  return failures;
}

void write_error_report(BoxSession& session, const std::vector<std::string>& problems) {
  const MailRoute& route = session.box.errors;
  if (route.from.empty() || route.to.empty()) return;
  const std::vector<Failure> failures = failures_of(session, problems);
  const auto older = latest_outbox(session.ledger, session.key, OutboxKind::error);
  LastReport last;
  if (older) last = {keys_of_cause(older->cause), older->written_at};
  const Timestamp now = session.clock.now();
  if (!report_is_due(failures, last, now)) return;
  std::vector<FailedItem> items;
  items.reserve(failures.size());
  for (const Failure& failure : failures) items.push_back(failure.item);
  put_report(session, OutboxKind::error, report_cause(now, report_keys(failures)),
             error_report(session.box.language, session.box.name, items, items.size(),
                          display(session.box.file)),
             older, route.from);
}

}  // namespace

void write_reports(BoxSession& session, const std::vector<std::string>& problems) {
  if (!session.box.smtp) return;
  write_digest(session);
  write_error_report(session, problems);
}

}  // namespace paymentctl
