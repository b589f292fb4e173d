#include "run/box_ledger.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/server_url.hpp"
#include "model/date.hpp"
#include "model/error.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

namespace fs = std::filesystem;

bool archive_holds_mails(const Box& box) {
  const auto archive = look_at(box.archive_dir);
  if (!archive || archive->type != FileType::folder) return false;
  const std::vector<std::string> names = list_folder(box.archive_dir);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const fs::path day = box.archive_dir / path_from_utf8(name);
    const auto facts = Date::from_iso(name) ? look_at(day) : std::nullopt;
    if (!facts || facts->type != FileType::folder) return false;
    const std::vector<std::string> mails = list_folder(day);
    return std::any_of(mails.begin(), mails.end(),
                       [](const std::string& mail) { return mail.ends_with(".eml"); });
  });
}

}  // namespace

void refuse_lost_ledger(const Box& box) {
  if (box.ledger_is_url()) return;
  const fs::path file = path_from_utf8(box.ledger);
  const auto facts = look_at(file);
  if (!facts || facts->type != FileType::regular || facts->size > 0) return;
  const auto log = look_at(path_from_utf8(box.ledger + "-wal"));
  if ((log && log->size > 0) || !archive_holds_mails(box)) return;
  throw Error(ExitCode::data,
              fmt::format("ledger {} is an empty file, although the archive {} holds mails, so "
                          "what was in it is lost; restore it from a backup, or remove the file "
                          "to begin anew",
                          display(file), display(box.archive_dir)));
}

bool begins_anew(const Box& box) {
  return !box.ledger_is_url() && !look_at(path_from_utf8(box.ledger)) && archive_holds_mails(box);
}

Ledger open_ledger_of(const Box& box, SecretStore& secrets, LedgerAccess access) {
  refuse_lost_ledger(box);
  return Ledger::open(ledger_place(box, secrets), access);
}

std::string ledger_place(const Box& box, SecretStore& secrets) {
  if (!box.ledger_is_url()) return box.ledger;
  const auto password = find_secret("ledgerPassword", box.ledger_password, secrets);
  return url_with_password(box.ledger, password ? password->reveal() : "");
}

BoxLedger open_ledger(const Box& box, LedgerAccess access) {
  Ledger ledger = open_ledger_of(box, *system_secrets(), access);
  const BoxKey key = ledger.box(box.company, box.name);
  return {std::move(ledger), key};
}

}  // namespace paymentctl
