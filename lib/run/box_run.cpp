#include "run/box_run.hpp"

#include "ledger/status.hpp"
#include "run/box_turn.hpp"
#include "run/fetch_side.hpp"
#include "run/notify_stage.hpp"
#include "run/reports.hpp"

namespace paymentctl {
namespace {

/// Keeps the problems of a run for the error report, while it lasts.
class KeptProblems {
 public:
  explicit KeptProblems(Observer& observer) : observer_(observer), told_(observer.problem) {
    observer.problem = [this](const std::string& problem) {
      problems_.push_back(problem);
      told_(problem);
    };
  }
  ~KeptProblems() { observer_.problem = told_; }
  KeptProblems(const KeptProblems&) = delete;
  KeptProblems& operator=(const KeptProblems&) = delete;

  [[nodiscard]] const std::vector<std::string>& kept() const { return problems_; }

 private:
  Observer& observer_;
  std::function<void(const std::string&)> told_;
  std::vector<std::string> problems_;
};

/// What a stop interrupts complains of the stop; that alone is no fault.
std::string first_problem(const std::vector<std::string>& problems, bool stopped) {
  for (const std::string& problem : problems) {
    if (!stopped || problem.find("stopped on request") == std::string::npos) return problem;
  }
  return stopped ? std::string(stopped_text) : "";
}

/// Keeps what became of a run, so that `status` can tell; a run that throws is kept too. `work`
/// gets the report and the problems so far.
template <typename Work>
RunReport recorded(BoxSession& session, Work&& work) {
  const KeptProblems problems(session.observer);
  RunRecord record;
  record.started = session.clock.now();
  record.every = session.every;
  const auto end = [&](ExitCode code, std::string error) {
    record.ended = session.clock.now();
    record.exit_code = static_cast<int>(code);
    record.error = std::move(error);
    record_run(session.ledger, session.key, record);
  };
  try {
    RunReport report;
    work(report, problems);
    if (report.stopped) {
      report.fail(ExitCode::temporary);
      session.observer.warning(std::string(stopped_text));
    }
    end(report.exit_code,
        report.exit_code == ExitCode::ok ? "" : first_problem(problems.kept(), report.stopped));
    return report;
  } catch (const Error& error) {
    try {
      end(error.code(), error.what());
    } catch (const Error&) {
      // The ledger itself may be what failed: the first fault is the one to tell.
    }
    throw;
  }
}

/// Tells by mail what stopped a run. That this may fail too must not hide the first fault.
void report_stop(BoxSession& session, std::vector<std::string> problems, const Error& stop,
                 RunReport& report) {
  if (stop.code() == ExitCode::temporary) return;
  problems.emplace_back(stop.what());
  try {
    write_reports(session, problems);
    send_outbox(session, report);
  } catch (const Error& error) {
    session.observer.problem(error.what());
  }
}

}  // namespace

RunReport run_box(BoxSession& session) {
  hold_turn(session);
  return recorded(session, [&session](RunReport& report, const KeptProblems& problems) {
    try {
      fetch_and_process(
          session, [](const FetchSide& side) { fetch_sources(side); }, true, report);
    } catch (const Error& error) {
      report_stop(session, problems.kept(), error, report);
      throw;
    }
    if (report.stopped) return;
    write_reports(session, problems.kept());
    send_outbox(session, report);
  });
}

RunReport import_folder(BoxSession& session, const std::filesystem::path& folder, bool remove,
                        bool notify) {
  hold_turn(session);
  return recorded(session, [&](RunReport& report, const KeptProblems&) {
    const auto fetch = [&](const FetchSide& side) { fetch_folder(side, folder, remove); };
    fetch_and_process(session, fetch, notify, report);
  });
}

}  // namespace paymentctl
