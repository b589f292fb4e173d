#include "notify/deliver.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "notify/texts.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

constexpr int batch = 200;
constexpr auto late = std::chrono::days(7);
// So many times one receiver who is to wait holds a mail up for the others, an hour and a half.
constexpr int tries_for_all = 4;

/// One mail to send and the entries of the outbox that it settles.
struct Parcel {
  std::vector<WaitingMail> entries;
  OutgoingMail mail;
};

class Delivery {
 public:
  Delivery(Outbox& outbox, MailTransport& transport, const NotifySettings& settings,
           const Clock& clock)
      : outbox_(outbox), transport_(transport), settings_(settings), clock_(clock) {}

  /// False when the server is gone and going on makes no sense.
  bool send(const Parcel& parcel, NotifyReport& report) const {
    const SendResult result = transport_.send(parcel.mail);
    const auto count = static_cast<int>(parcel.entries.size());
    if (!result.error.empty()) {
      report.problems.push_back(fmt::format("\"{}\": {}", parcel.mail.subject, result.error));
    }
    for (const WaitingMail& entry : parcel.entries) settle(entry, result);
    switch (result.status) {
      case SendStatus::sent:
        report.sent += count;
        return true;
      case SendStatus::refused:
        report.refused += count;
        return true;
      case SendStatus::deferred:
        report.failed += count;
        return true;
      case SendStatus::unavailable:
        report.failed += count;
        return false;
    }
    return false;
  }

  [[nodiscard]] const Addresses& addresses(Audience audience) const {
    return audience == Audience::errors ? settings_.errors : settings_.information;
  }

  [[nodiscard]] Parcel parcel_of(const WaitingMail& entry) const {
    const Addresses& whom = addresses(entry.audience);
    return {{entry},
            {whom.from, whom.to, whom.cc, entry.subject, entry.text, entry.message_id,
             entry.written_at, entry.tries < tries_for_all}};
  }

  /// Its Message-ID follows from those of its entries, so that a second try has the same.
  [[nodiscard]] Parcel joined(const std::vector<WaitingMail>& entries) const {
    Parcel parcel = parcel_of(entries.front());
    std::vector<MailText> texts;
    std::string ids;
    for (const WaitingMail& entry : entries) {
      texts.push_back({entry.subject, entry.text});
      ids += entry.message_id + "\n";
    }
    const MailText text = late_digest(settings_.language, texts);
    const std::string& first = entries.front().message_id;
    const auto at = std::min(first.find('@'), first.size());
    parcel.entries = entries;
    parcel.mail.subject = text.subject;
    parcel.mail.text = text.text;
    parcel.mail.message_id = sha256(ids).substr(0, 32) + first.substr(at);
    parcel.mail.date = clock_.now();
    return parcel;
  }

 private:
  void settle(const WaitingMail& entry, const SendResult& result) const {
    const Timestamp now = clock_.now();
    if (result.status == SendStatus::sent) {
      outbox_.sent(entry.id, now);
    } else if (result.status == SendStatus::refused) {
      outbox_.refused(entry.id, result.error, now);
    } else {
      outbox_.failed(entry.id, result.error, now + pause_before_try(entry.tries + 1));
    }
  }

  Outbox& outbox_;
  MailTransport& transport_;
  const NotifySettings& settings_;
  const Clock& clock_;
};

std::vector<Parcel> pack(const Delivery& delivery, const std::vector<WaitingMail>& due,
                         Timestamp now) {
  std::vector<WaitingMail> old;
  std::vector<Parcel> parcels;
  for (const WaitingMail& entry : due) {
    if (!delivery.addresses(entry.audience).complete()) continue;
    if (entry.about_payment && now - entry.written_at > late) {
      old.push_back(entry);
    } else {
      parcels.push_back(delivery.parcel_of(entry));
    }
  }
  if (old.size() == 1) parcels.insert(parcels.begin(), delivery.parcel_of(old.front()));
  if (old.size() > 1) parcels.insert(parcels.begin(), delivery.joined(old));
  return parcels;
}

/// Whether mails wait since the box names nobody who could get them.
class WaitsForAddresses {
 public:
  explicit WaitsForAddresses(const NotifySettings& settings) : settings_(settings) {}

  void look_at(const std::vector<WaitingMail>& due) {
    for (const WaitingMail& entry : due) {
      (entry.audience == Audience::errors ? errors_ : information_) = true;
    }
  }

  void tell(NotifyReport& report) const {
    if (information_ && !settings_.information.complete()) {
      report.problems.emplace_back(
          "notifications wait since infoFrom or infoTo is not set; set both in box.xml");
    }
    if (errors_ && !settings_.errors.complete()) {
      report.problems.emplace_back(
          "error reports wait since errorFrom or errorTo is not set; set both in box.xml");
    }
  }

 private:
  const NotifySettings& settings_;
  bool information_ = false;
  bool errors_ = false;
};

}  // namespace

std::chrono::minutes pause_before_try(int tries) {
  constexpr std::array<int, 7> minutes = {1, 5, 15, 60, 240, 720, 1440};
  const auto step = static_cast<std::size_t>(std::clamp(tries, 1, 7) - 1);
  return std::chrono::minutes(minutes.at(step));
}

NotifyReport deliver_outbox(Outbox& outbox, MailTransport* transport,
                            const NotifySettings& settings, const Clock& clock,
                            const std::stop_token& stop) {
  NotifyReport report;
  if (transport == nullptr) {
    report.waiting = outbox.waiting();
    if (report.waiting > 0) {
      report.problems.push_back(fmt::format(
          "smtpServer is not set, so {} notification{} wait{} in the outbox; set it in box.xml",
          report.waiting, report.waiting == 1 ? "" : "s", report.waiting == 1 ? "s" : ""));
    }
    return report;
  }
  const Delivery delivery(outbox, *transport, settings, clock);
  WaitsForAddresses nameless(settings);
  std::int64_t after = 0;  // entries that cannot be sent hold up nobody behind them
  for (bool going = true; going;) {
    const Timestamp now = clock.now();
    const std::vector<WaitingMail> due = outbox.due(now, after, batch);
    going = due.size() == static_cast<std::size_t>(batch);
    if (!due.empty()) after = due.back().id;
    nameless.look_at(due);
    for (const Parcel& parcel : pack(delivery, due, now)) {
      if (stop.stop_requested() || !delivery.send(parcel, report)) {
        going = false;
        break;
      }
    }
  }
  nameless.tell(report);
  report.waiting = outbox.waiting();
  return report;
}

}  // namespace paymentctl
