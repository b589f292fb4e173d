#include "run/notify_stage.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "ledger/outbox.hpp"
#include "ledger/status.hpp"
#include "notify/deliver.hpp"
#include "run/box_turn.hpp"
#include "run/mail_servers.hpp"

namespace paymentctl {
namespace {

/// The ledger's outbox of one box, as sending sees it.
class LedgerOutbox : public Outbox {
 public:
  explicit LedgerOutbox(BoxSession& session) : session_(session) {}

  std::vector<WaitingMail> due(Timestamp now, std::int64_t after, int limit) override {
    std::vector<WaitingMail> mails;
    for (OutboxEntry& entry : due_outbox(session_.ledger, session_.key, now, after, limit)) {
      WaitingMail mail;
      mail.id = entry.id;
      mail.audience = entry.kind == OutboxKind::error ? Audience::errors : Audience::information;
      mail.about_payment = entry.kind == OutboxKind::payment;
      mail.subject = std::move(entry.subject);
      mail.text = std::move(entry.text);
      mail.message_id = std::move(entry.message_id);
      mail.tries = entry.tries;
      mail.written_at = entry.written_at;
      mails.push_back(std::move(mail));
    }
    return mails;
  }

  std::int64_t waiting() override { return waiting_notifications(session_.ledger, session_.key); }

  void sent(std::int64_t id, Timestamp now) override {
    outbox_sent(session_.ledger, session_.key, id, now);
  }
  void failed(std::int64_t id, const std::string& error, Timestamp next_try) override {
    outbox_failed(session_.ledger, session_.key, id, error, next_try);
  }
  void refused(std::int64_t id, const std::string& error, Timestamp now) override {
    outbox_refused(session_.ledger, session_.key, id, error, now);
  }

 private:
  BoxSession& session_;
};

/// Reads the password when there is something to send.
class LateTransport : public MailTransport {
 public:
  explicit LateTransport(BoxSession& session) : session_(session) {}

  SendResult send(const OutgoingMail& mail) override {
    // What another worker has taken over, it sends.
    session_.ledger.reading([] {});
    try {
      if (!transport_) transport_.emplace(smtp_settings_of(session_.mail_access()));
    } catch (const Error& error) {
      return {SendStatus::unavailable, error.what(), {}};
    }
    return transport_->send(mail);
  }

 private:
  BoxSession& session_;
  std::optional<SmtpTransport> transport_;
};

Addresses addresses_of(const MailRoute& route) { return {route.from, route.to, route.cc}; }

}  // namespace

void send_outbox(BoxSession& session, RunReport& report) {
  hold_turn(session);
  LedgerOutbox outbox(session);
  const NotifySettings settings{addresses_of(session.box.notifications),
                                addresses_of(session.box.errors), session.box.language};
  std::unique_ptr<MailTransport> transport;
  if (session.box.smtp && session.box.smtp->is_exposed()) {
    session.observer.warning(
        "smtpTls is off: mails, and a login if there is one, cross the network in clear text");
  }
  if (session.box.smtp) transport = std::make_unique<LateTransport>(session);
  const NotifyReport sent =
      deliver_outbox(outbox, transport.get(), settings, session.clock, session.stop);
  for (const std::string& problem : sent.problems) session.observer.problem(problem);
  report.outbox_waiting = static_cast<std::uint64_t>(sent.waiting);
  report.outbox_sent = static_cast<std::uint64_t>(sent.sent);
  report.outbox_failed =
      static_cast<std::uint64_t>(sent.failed) + static_cast<std::uint64_t>(sent.refused);
}

}  // namespace paymentctl
