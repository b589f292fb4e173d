#include "run/box_run.hpp"

#include "ledger/status.hpp"
#include "run/notify_stage.hpp"

namespace paymentctl {
namespace {

/// Keeps what became of a run, so that `status` can tell; a run that throws is kept too.
template <typename Work>
RunReport recorded(BoxSession& session, Work&& work) {
  RunRecord record;
  record.started = session.clock.now();
  const auto end = [&](ExitCode code, std::string error) {
    record.ended = session.clock.now();
    record.exit_code = static_cast<int>(code);
    record.error = std::move(error);
    record_run(session.ledger, session.key, record);
  };
  try {
    RunReport report;
    work(report);
    end(report.exit_code, "");
    return report;
  } catch (const Error& error) {
    // Another process at work is no failed run, and a ledger that fails cannot be written to.
    if (error.code() != ExitCode::temporary && error.code() != ExitCode::io) {
      end(error.code(), error.what());
    }
    throw;
  }
}

}  // namespace

RunReport run_box(BoxSession& session) {
  return recorded(session, [&session](RunReport& report) {
    fetch_sources(session, report);
    process_fetched(session, true, report);
    send_outbox(session, report);
  });
}

RunReport import_folder(BoxSession& session, const std::filesystem::path& folder, bool remove,
                        bool notify) {
  return recorded(session, [&](RunReport& report) {
    fetch_folder(session, folder, remove, report);
    process_fetched(session, notify, report);
  });
}

}  // namespace paymentctl
