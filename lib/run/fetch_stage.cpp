#include <thread>

#include "fetch/eml_dir.hpp"
#include "fetch/mailbox.hpp"
#include "ledger/messages.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/process_lock.hpp"
#include "run/ledger_register.hpp"
#include "run/stages.hpp"

namespace paymentctl {
namespace {

constexpr int page = 500;
constexpr int deepest_folder = 16;

FetchContext context_of(BoxSession& session, LedgerRegister& mails) {
  FetchContext context{
      .archive = session.box.archive_dir,
      .mails = mails,
      .clock = session.clock,
      .sleep = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); }};
  context.limits.max_mail_size = session.box.max_mail_size;
  context.progress = [&session](std::uint64_t done) {
    session.observer.progress("archived", done);
  };
  return context;
}

/// One process at a time reads a box's sources. The lock lies beside the archive, since every run
/// of the box has that in common.
ProcessLock lock_box(const BoxSession& session) {
  create_folders(session.box.archive_dir);
  return ProcessLock(session.box.archive_dir / ("." + session.box.name + ".lock"), session.clock);
}

void add(BoxSession& session, const FetchReport& fetched, RunReport& report) {
  for (const std::string& problem : fetched.problems) session.observer.problem(problem);
  if (fetched.failed > 0) report.fail(ExitCode::io);
  report.failed += fetched.failed;
  report.fetched += fetched;
}

void import_tree(BoxSession& session, const std::filesystem::path& folder, bool remove,
                 const FetchContext& context, RunReport& report, int depth) {
  add(session, import_eml_dir(folder, remove, context), report);
  if (depth == deepest_folder) return;
  for (const std::string& name : list_folder(folder)) {
    const std::filesystem::path below = folder / path_from_utf8(name);
    const auto facts = look_at(below);
    if (facts && facts->type == FileType::folder) {
      import_tree(session, below, remove, context, report, depth + 1);
    }
  }
}

/// Nothing in the technology pause, during which the mailbox is not contacted.
FetchReport fetch_mailbox_of(BoxSession& session, const FetchContext& context) {
  if (!session.box.pop3) return {};
  const LocalTime now = session.clock.local(session.clock.now());
  if (session.box.pause && session.box.pause->holds(now.hour * 60 + now.minute)) return {};
  if (session.box.pop3->is_exposed()) {
    session.observer.warning("pop3Tls is off: login and mails cross the network in clear text");
  }
  return fetch_mailbox(mailbox_settings_of(session.mail_access()), context);
}

/// What is wrong with one source must not keep the mails of the others.
template <typename Fetch>
void from_source(BoxSession& session, RunReport& report, const char* key, Fetch&& fetch) {
  try {
    add(session, fetch(), report);
  } catch (Error& error) {
    session.observer.problem(error.in(key).what());
    report.fail(error.code());
  }
}

}  // namespace

void fetch_sources(BoxSession& session, RunReport& report) {
  const ProcessLock lock = lock_box(session);
  LedgerRegister mails(session);
  const FetchContext context = context_of(session, mails);
  add(session, recover_archive(context), report);
  from_source(session, report, "pop3Url", [&] { return fetch_mailbox_of(session, context); });
  from_source(session, report, "emlDir", [&] {
    return session.box.eml_dir ? fetch_eml_dir(*session.box.eml_dir, context) : FetchReport{};
  });
}

void fetch_folder(BoxSession& session, const std::filesystem::path& folder, bool remove,
                  RunReport& report) {
  const ProcessLock lock = lock_box(session);
  LedgerRegister mails(session);
  const FetchContext context = context_of(session, mails);
  add(session, recover_archive(context), report);
  import_tree(session, folder, remove, context, report, 0);
}

void print_fetched(BoxSession& session) {
  const auto null_if_empty = [](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
  };
  std::int64_t after = 0;
  while (true) {
    const auto mails = fetched_mails(session.ledger, session.key, after, page);
    if (mails.empty()) return;
    for (const MessageRow& mail : mails) {
      session.observer.line({{"type", "mail"},
                             {"path", display(session.archived(mail.path))},
                             {"sha256", mail.sha256},
                             {"uidl", null_if_empty(mail.uidl)},
                             {"message_id", null_if_empty(mail.message_id)}});
    }
    after = mails.back().id;
  }
}

}  // namespace paymentctl
