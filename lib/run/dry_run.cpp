#include "run/dry_run.hpp"

#include <fstream>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "ledger/copy.hpp"
#include "ledger/status.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "run/box_ledger.hpp"
#include "run/fetch_side.hpp"

namespace paymentctl {
namespace {

namespace fs = std::filesystem;

/// What read_stable() says of `from`; nullopt when there is no such file or it changed meanwhile.
std::optional<FileFacts> copy_of(const fs::path& from, const fs::path& to) {
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  const auto facts = read_stable(from, [&](std::string_view bytes) {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  });
  out.close();
  if (!out) {
    throw Error(
        ExitCode::io,
        fmt::format("the ledger cannot be copied to {}; is there room for it?", display(to)));
  }
  return facts;
}

fs::path beside(const fs::path& file, const char* ending) {
  fs::path other = file;
  other += ending;
  return other;
}

/// Both files of a SQLite ledger as they are at one moment. They are only read: opening the ledger
/// itself, even read-only, would make or change the files beside it.
bool copy_at_rest(const fs::path& from, const fs::path& to) {
  const fs::path log = beside(from, "-wal");
  const fs::path log_copy = beside(to, "-wal");
  const auto log_before = look_at(log);
  const auto data = copy_of(from, to);
  if (log_before) {
    if (copy_of(log, log_copy) != log_before) return false;
  } else {
    remove_file(log_copy);
  }
  return data && look_at(from) == data && look_at(log) == log_before;
}

void copy_files(const fs::path& ledger, const fs::path& to) {
  constexpr int most_tries = 100;
  constexpr std::chrono::milliseconds pause{50};
  std::error_code none;
  const fs::path from = fs::canonical(ledger, none);
  if (none) return;  // there is none yet, and the run would make it
  for (int tries = 0; tries < most_tries; ++tries) {
    if (copy_at_rest(from, to)) return;
    std::this_thread::sleep_for(pause);
  }
  throw Error(
      ExitCode::temporary,
      fmt::format("ledger {} is written to all the time; try again later", display(ledger)));
}

void copy_company(const Box& box, const fs::path& to) {
  try {
    BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
    CopyOptions options;
    options.company = opened.key.company;
    if (options.company != 0) backup_ledger(opened.ledger, to, options);
  } catch (const Error& error) {
    // There is none yet, and the run would make it.
    if (error.code() != ExitCode::no_input) throw;
  }
}

/// The line with the archive's path in place of the temporary one.
void show_real_path(Json& line, const std::string& temporary, const std::string& real) {
  if (line.is_object()) {
    for (auto& member : line.items()) show_real_path(member.value(), temporary, real);
  } else if (line.is_string()) {
    const auto& text = line.get_ref<const std::string&>();
    if (text.starts_with(temporary)) line = real + text.substr(temporary.size());
  }
}

std::uint64_t waiting_in_outbox(BoxSession& session) {
  return static_cast<std::uint64_t>(waiting_notifications(session.ledger, session.key));
}

}  // namespace

std::string DryRun::ledger_for(const Box& box) {
  // Of a ledger on a server, which may be large, only what concerns the company.
  const std::string name = box.ledger_is_url() ? box.ledger + "\n" + box.company : box.ledger;
  const auto [place, is_new] = ledgers_.emplace(name, "");
  if (is_new) {
    const fs::path copy = folder_.path() / fmt::format("ledger{}.db", ledgers_.size());
    if (box.ledger_is_url()) {
      copy_company(box, copy);
    } else {
      refuse_lost_ledger(box);
      copy_files(path_from_utf8(box.ledger), copy);
    }
    place->second = utf8_of(copy);
  }
  return place->second;
}

RunReport DryRun::run(Box box, const Clock& clock, Observer observer) {
  const fs::path real_archive = box.archive_dir;
  box.ledger = ledger_for(box);
  box.archive_dir = folder_.path() / fmt::format("archive{}", ++boxes_);
  observer.line = [told = std::move(observer.line), temporary = utf8_of(box.archive_dir),
                   real = utf8_of(real_archive)](const Json& line) {
    Json shown = line;
    show_real_path(shown, temporary, real);
    told(shown);
  };
  BoxSession session(std::move(box), LedgerAccess::create, clock, std::move(observer));
  session.real_archive = real_archive;
  const std::uint64_t waited = waiting_in_outbox(session);
  RunReport report;
  fetch_and_process(
      session, [](const FetchSide& side) { fetch_sources(side); }, true, report);
  report.outbox_waiting = waiting_in_outbox(session) - waited;
  return report;
}

}  // namespace paymentctl
