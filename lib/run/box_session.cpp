#include "run/box_session.hpp"

#include <utility>

#include <fmt/format.h>

#include "notify/compose.hpp"
#include "notify/texts.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "run/box_ledger.hpp"

namespace paymentctl {
namespace {

TwinFacts twin_facts(const Catalog& catalog, const std::string& id) {
  TwinFacts facts;
  const auto format = catalog.format(id);
  if (!format) return facts;
  facts.twins = format->twins;
  facts.states_date = format->states_date;
  facts.states_time = format->states_time;
  facts.numbers_movements = format->numbers_movements;
  facts.states_variable_symbol = format->states_symbols;
  facts.states_constant_symbol = format->states_symbols;
  facts.states_specific_symbol = format->states_symbols;
  return facts;
}

/// A Message-ID is made where the notification is written, so that each try bears the same.
NotificationText notification_of(const Box& box, const Settlement& settlement) {
  MailText text = payment_notification(box.language, settlement.match, settlement.documents);
  return {std::move(text.subject), std::move(text.text), new_message_id(box.notifications.from)};
}

NotificationText correction_of(const Box& box, const Correction& correction) {
  MailText text = correction_notification(box.language, correction.documents, correction.taken_off);
  return {std::move(text.subject), std::move(text.text), new_message_id(box.notifications.from)};
}

Ledger opened(const Box& box, SecretStore& secrets, LedgerAccess access, const Observer& observer) {
  if (access == LedgerAccess::create && begins_anew(box)) {
    observer.warning(
        fmt::format("ledger {} was not there and is begun anew, although the archive "
                    "{} holds mails; if it was lost, restore it from a backup before "
                    "the next run",
                    box.ledger, display(box.archive_dir)));
  }
  return open_ledger_of(box, secrets, access);
}

}  // namespace

Catalog catalog_of(const Box& box) {
  return box.formats_dir ? Catalog::with_user_formats(*box.formats_dir) : Catalog::built_in();
}

ParseSettings parse_settings_of(const Box& box) {
  ParseSettings settings;
  settings.own_accounts = box.own_accounts;
  settings.trusted_forwarders = box.trusted_forwarders;
  return settings;
}

BoxSession::BoxSession(Box settings, LedgerAccess access, const Clock& time, Observer watcher)
    : box(std::move(settings)),
      clock(time),
      observer(std::move(watcher)),
      ledger(opened(box, *secrets, access, observer)),
      key(ledger.box(box.company, box.name)),
      catalog(catalog_of(box)),
      judge(catalog, parse_settings_of(box), limits_of(box.max_mail_size)),
      sender_judge(judge, catalog, box, clock, resolver_of(box)) {}

std::filesystem::path BoxSession::archived(const std::string& path) const {
  const std::filesystem::path name = path_from_utf8(path);
  if (real_archive && !look_at(box.archive_dir / name)) return *real_archive / name;
  return box.archive_dir / name;
}

PostSettings BoxSession::post_settings(bool notify) const {
  PostSettings settings;
  settings.box = key;
  settings.now = clock.now();
  settings.tolerance = box.amount_tolerance;
  settings.format_facts = [this](const std::string& id) { return twin_facts(catalog, id); };
  if (notify) {
    settings.notification = [this](const Settlement& settlement) {
      return std::optional(notification_of(box, settlement));
    };
    settings.correction = [this](const Correction& correction) {
      return std::optional(correction_of(box, correction));
    };
  }
  return settings;
}

}  // namespace paymentctl
