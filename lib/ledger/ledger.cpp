#include "ledger/ledger.hpp"

#include <fmt/format.h>

#include "ledger/database.hpp"
#include "ledger/schema.hpp"
#include "ledger/server_share.hpp"
#include "ledger/server_url.hpp"

namespace paymentctl {
namespace {

std::unique_ptr<Dialect> dialect_for(const std::string& location, int busy_timeout_ms) {
  if (!is_server_url(location)) return sqlite_dialect(location, busy_timeout_ms);
  return postgresql_dialect(location, busy_timeout_ms);
}

std::string shown(const std::string& location) {
  return is_server_url(location) ? url_without_password(location) : location;
}

}  // namespace

Ledger::Ledger() = default;
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;

Ledger::~Ledger() {
  if (share_ && database_ && !read_only_) share_->put(std::move(database_));
}

Ledger Ledger::open(const std::string& location, LedgerAccess access, int busy_timeout_ms) {
  return open(location, access, busy_timeout_ms, false, false);
}

Ledger Ledger::open_to_be_filled(const std::string& location) {
  return open(location, LedgerAccess::create, usual_busy_timeout_ms, false, true);
}

Ledger Ledger::open(const std::string& location, LedgerAccess access, int busy_timeout_ms,
                    bool works, bool takes_unfinished) {
  Ledger ledger;
  ledger.place_ = location;
  ledger.busy_timeout_ms_ = busy_timeout_ms;
  ledger.read_only_ = access == LedgerAccess::read_only;
  if (is_server_url(location)) {
    ledger.share_ = server_share_of(fmt::format("{} {}", busy_timeout_ms, location));
    if (!ledger.read_only_) ledger.database_ = ledger.share_->take();
    if (ledger.database_) return ledger;
  }
  auto database =
      std::make_unique<Database>(shown(location), dialect_for(location, busy_timeout_ms));
  database->open(access, works);
  if (ledger.share_) database->take_turns_with(ledger.share_->turns());
  migrate(*database, !ledger.read_only_, takes_unfinished);
  ledger.database_ = std::move(database);
  return ledger;
}

Ledger Ledger::another() const {
  const auto access = read_only_ ? LedgerAccess::read_only : LedgerAccess::existing;
  Ledger other = open(place_, access, busy_timeout_ms_, true, false);
  other.database_->take_turns_with(*database_);
  other.database_->begin_as(*database_);
  return other;
}

BoxKey Ledger::box(const std::string& company, const std::string& box) {
  static constexpr std::string_view find =
      "SELECT company.id, box.id FROM company JOIN box ON box.company_id = company.id "
      "WHERE company.name = :company AND box.name = :box";
  const auto look = [&]() -> std::optional<BoxKey> {
    const auto found = database_->row<std::int64_t, std::int64_t>(find, company, box);
    if (!found) return std::nullopt;
    return BoxKey{std::get<0>(*found), std::get<1>(*found)};
  };
  if (const auto key = look()) return *key;
  if (read_only_) {
    // Somebody else's box may have made the company; its documents are this box's too.
    const auto found =
        database_->row<std::int64_t>("SELECT id FROM company WHERE name = :name", company);
    return {found ? std::get<0>(*found) : 0, 0};
  }
  transaction([&] {
    database_->run("INSERT INTO company (name) VALUES (:name) ON CONFLICT (name) DO NOTHING",
                   company);
    database_->run(
        "INSERT INTO box (company_id, name) SELECT id, :box FROM company WHERE name = :company "
        "ON CONFLICT (company_id, name) DO NOTHING",
        box, company);
  });
  const auto key = look();
  if (!key) throw Error(ExitCode::software, "the ledger does not keep the box " + box);
  return *key;
}

void Ledger::transaction(const std::function<void()>& work) { database_->transaction(work); }
void Ledger::reading(const std::function<void()>& work) { database_->reading(work); }

const std::string& Ledger::location() const { return database_->location(); }

}  // namespace paymentctl
