#include <fmt/format.h>

#include "fetch/eml_dir.hpp"
#include "fetch/mailbox.hpp"
#include "ledger/messages.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/stop.hpp"
#include "run/archived_mail.hpp"
#include "run/box_turn.hpp"
#include "run/fetch_side.hpp"
#include "run/ledger_register.hpp"

namespace paymentctl {
namespace {

constexpr int page = 500;
constexpr int deepest_folder = 16;

FetchContext context_of(const FetchSide& side, LedgerRegister& mails) {
  FetchContext context{.archive = side.session.box.archive_dir,
                       .mails = mails,
                       .clock = side.session.clock,
                       .sleep = [stop = side.session.stop](std::chrono::milliseconds pause) {
                         sleep_unless_stopped(stop, pause);
                       }};
  context.stop = side.session.stop;
  context.limits.max_mail_size = side.session.box.max_mail_size;
  context.releases = !side.session.real_archive;
  context.progress = [&side](std::uint64_t done) { side.observer.progress("archived", done); };
  return context;
}

void add(const FetchSide& side, const FetchReport& fetched) {
  for (const std::string& problem : fetched.problems) side.observer.problem(problem);
  for (const std::string& repair : fetched.repairs) side.observer.warning(repair);
  if (fetched.failed > 0) side.report.fail(ExitCode::io);
  side.report.failed += fetched.failed;
  side.report.fetched += fetched;
}

/// Each box leaves its lock there.
bool is_shared(const std::filesystem::path& archive, const std::string& box) {
  if (!look_at(archive)) return false;
  for (const std::string& name : list_folder(archive)) {
    if (name.starts_with('.') && name.ends_with(".lock") && name != "." + box + ".lock")
      return true;
  }
  return false;
}

/// What a kill left between archive and ledger; in a dry run the real archive is looked through.
/// Nobody knows whether that came from the mailbox, if there is one. Nor, in an archive of several
/// boxes, whose it is: there it stays, and comes again from the source, which still has it.
void recover(const FetchSide& side) {
  const BoxSession& session = side.session;
  if (is_shared(session.real_archive.value_or(session.box.archive_dir), session.box.name)) return;
  LedgerRegister mails(side, side.session.box.pop3 ? MailOrigin::recovered : MailOrigin::file);
  FetchContext context = context_of(side, mails);
  if (side.session.real_archive) context.archive = *side.session.real_archive;
  add(side, recover_archive(context));
}

void import_tree(const FetchSide& side, const std::filesystem::path& folder, bool remove,
                 const FetchContext& context, int depth) {
  add(side, import_eml_dir(folder, remove, context));
  if (depth == deepest_folder) return;
  const NameList names = names_in(folder);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::filesystem::path below = folder / path_from_utf8(names[i]);
    if (type_of(names, i, below) == FileType::folder) {
      import_tree(side, below, remove, context, depth + 1);
    }
  }
}

std::string in_words(std::chrono::seconds time) {
  if (time < std::chrono::minutes(2)) return fmt::format("{} s", time.count());
  return fmt::format("{} min", std::chrono::round<std::chrono::minutes>(time).count());
}

/// What makes the way to a mailbox another one; a change of the settings is a new try.
std::string server_of(const MailServer& server) {
  return fmt::format("{} {} {} {}", server.endpoint.str(), static_cast<int>(server.tls),
                     server.oauth, server.ca_file ? utf8_of(*server.ca_file) : "");
}

/// Fetches, unless the server did not answer this box or others lately.
FetchReport fetch_unless_it_rests(const BoxSession& session, const FetchContext& context) {
  const auto fetch = [&] {
    return fetch_mailbox(mailbox_settings_of(session.mail_access()), context);
  };
  if (!session.servers) return fetch();
  const auto now = [] { return std::chrono::steady_clock::now(); };
  const std::string server = server_of(*session.box.pop3);
  const auto began = now();
  if (const auto rest = session.servers->rest(server, began)) {
    throw Error(
        ExitCode::unavailable,
        fmt::format("{} has failed {} times in a row and is left alone; {}",
                    session.box.pop3->endpoint.str(), rest->failures,
                    rest->left.count() == 0 ? "another box is trying it just now"
                                            : "it is tried again in " + in_words(rest->left)));
  }
  try {
    FetchReport report = fetch();
    session.servers->answered(server);
    return report;
  } catch (const Error& error) {
    if (error.code() == ExitCode::unavailable) {
      session.servers->failed(server, began, now());
    } else {
      session.servers->answered(server);
    }
    throw;
  } catch (...) {
    session.servers->answered(server);
    throw;
  }
}

/// Nothing in the technology pause; when it begins in the middle, the next run takes the rest.
FetchReport fetch_mailbox_of(const FetchSide& side, FetchContext context) {
  const BoxSession& session = side.session;
  context.is_enough = [&session] { return is_in_pause(session.box, session.clock); };
  if (!session.box.pop3 || !context.may_go_on()) return {};
  if (session.box.pop3->is_exposed()) {
    side.observer.warning("pop3Tls is off: login and mails cross the network in clear text");
  }
  return fetch_unless_it_rests(session, context);
}

/// What is wrong with one source must not keep the mails of the others.
template <typename Fetch>
void from_source(const FetchSide& side, const char* key, Fetch&& fetch) {
  try {
    add(side, fetch());
  } catch (Error& error) {
    // What was given up since somebody asked for the end is no fault.
    const bool stopped = side.session.stop.stop_requested() && error.code() == ExitCode::temporary;
    (stopped ? side.observer.warning : side.observer.problem)(error.in(key).what());
    side.report.fail(error.code());
  }
}

}  // namespace

bool is_in_pause(const Box& box, const Clock& clock) {
  if (!box.pause) return false;
  const LocalTime now = clock.local(clock.now());
  return box.pause->holds(now.hour * 60 + now.minute);
}

ProcessLock lock_sources(const BoxSession& session) {
  // It lies beside the archive, since every run of the box has that in common.
  create_folders(session.box.archive_dir);
  return ProcessLock(session.box.archive_dir / path_from_utf8("." + session.box.name + ".lock"),
                     session.clock);
}

void fetch_sources(const FetchSide& side) {
  recover(side);
  from_source(side, "pop3Url", [&] {
    LedgerRegister mails(side, MailOrigin::mailbox);
    return fetch_mailbox_of(side, context_of(side, mails));
  });
  from_source(side, "emlDir", [&] {
    LedgerRegister mails(side, MailOrigin::file);
    const auto& folder = side.session.box.eml_dir;
    return folder && !side.session.stop.stop_requested()
               ? fetch_eml_dir(*folder, context_of(side, mails))
               : FetchReport{};
  });
}

void fetch_folder(const FetchSide& side, const std::filesystem::path& folder, bool remove) {
  recover(side);
  LedgerRegister mails(side, MailOrigin::file);
  const FetchContext context = context_of(side, mails);
  import_tree(side, folder, remove, context, 0);
}

void fetch_sources(BoxSession& session, RunReport& report) {
  hold_turn(session);
  const ProcessLock lock = lock_sources(session);
  fetch_sources({session, session.ledger, session.observer, report});
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
      restore_archived(session, mail);
      session.observer.line({{"type", "mail"},
                             {"path", display(session.archived(mail.path))},
                             {"sha256", mail.sha256},
                             {"uidl", null_if_empty(mail.uidl)},
                             {"message_id", null_if_empty(mail.message_id)},
                             {"prove_sender", mail.is_untrusted()},
                             {"suspicion", null_if_empty(mail.suspicion)}});
    }
    after = mails.back().id;
  }
}

}  // namespace paymentctl
