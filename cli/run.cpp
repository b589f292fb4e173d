#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "commands.hpp"
#include "platform/end_requests.hpp"
#include "platform/files.hpp"
#include "platform/own_memory.hpp"
#include "platform/service_control.hpp"
#include "platform/stop.hpp"
#include "run/box_loop.hpp"
#include "run/box_run.hpp"
#include "run/box_turn.hpp"
#include "run/dry_run.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

// Whoever stops a program waits ten seconds for it.
constexpr std::chrono::milliseconds longest_farewell{9000};

struct RunArguments {
  bool dry = false;
  bool repeats = false;                       ///< --every was given
  std::optional<std::chrono::seconds> every;  ///< absent: pollMinutes of each box
  std::size_t jobs = 1;
  std::string service;  ///< --as-service: the manager of Windows started us as this one
};

/// The worst of two outcomes: the first that is not ok stays.
ExitCode first_of(ExitCode one, ExitCode other) { return one == ExitCode::ok ? other : one; }

std::string notifications(std::uint64_t count) {
  if (count == 0) return "";
  return fmt::format("; {} notification{}", count, count == 1 ? "" : "s");
}

/// The boxes of the command line, read anew for each run, so that a change counts from the next
/// one on. One box's trouble is not the others'.
class NamedBoxes {
 public:
  explicit NamedBoxes(Session& session) : session_(session), files_(session.box_files()) {
    std::vector<Box> readable;
    std::optional<Error> fault;
    for (const auto& file : files_) {
      try {
        readable.push_back(read_box(file));
      } catch (const Error& error) {
        if (!fault) fault = error;  // told when its turn comes
      }
    }
    if (readable.empty() && fault) throw *fault;
    check_distinct(readable);
  }

  [[nodiscard]] std::size_t count() const { return files_.size(); }

  /// Does `work` with a box; its faults go to the log. The box's pollMinutes, if it can be read.
  template <typename Work>
  std::optional<std::chrono::minutes> with(std::size_t number, Work&& work) {
    std::string name;
    std::optional<std::chrono::minutes> pause;
    try {
      Box box = read_box(files_[number]);
      name = box.name;
      pause = std::chrono::minutes(box.poll_minutes);
      tell_warnings(number, box);
      end(work(std::move(box)).exit_code);
    } catch (Error& error) {
      if (!name.empty()) error.in("box " + name);
      session_.log.error(error.what());
      end(error.code());
    }
    return pause;
  }

  /// Of the first thing that failed.
  [[nodiscard]] ExitCode outcome() const { return outcome_; }

 private:
  void end(ExitCode code) {
    const std::lock_guard lock(mutex_);
    outcome_ = first_of(outcome_, code);
  }

  /// Each once, however often the box runs.
  void tell_warnings(std::size_t number, const Box& box) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string>& told = told_[number];
    if (told == box.warnings) return;
    told = box.warnings;
    for (const std::string& warning : told) session_.log.warning(warning);
  }

  Session& session_;
  const std::vector<std::filesystem::path> files_;
  std::mutex mutex_;
  std::map<std::size_t, std::vector<std::string>> told_;
  ExitCode outcome_ = ExitCode::ok;
};

/// What the boxes of one worker share.
class Shared {
 public:
  explicit Shared(std::size_t boxes)
      // One box alone holds up nobody.
      : servers(boxes > 1 ? std::make_shared<ServerRest>() : nullptr) {}

  /// The next box shall have this one's connections.
  void keep_connections(const Ledger& ledger) {
    const std::lock_guard lock(mutex_);
    connections_.insert(ledger.connections());
  }

  /// Nobody needs them for a while.
  void close_connections() {
    std::set<std::shared_ptr<const void>> ended;
    const std::lock_guard lock(mutex_);
    ended.swap(connections_);
  }

  const std::shared_ptr<ServerRest> servers;

 private:
  std::mutex mutex_;
  std::set<std::shared_ptr<const void>> connections_;
};

/// A box of a service: another machine may have its turn, or have had it just now. Then the answer
/// is how long it rests.
std::optional<std::chrono::seconds> rest_of(BoxSession& opened, std::chrono::seconds every) {
  opened.every = every;
  // Moments are whole seconds: a pause must not grow by one each time.
  auto [turn, wait, owner] = BoxTurn::take(opened, every - std::chrono::seconds(1));
  opened.turn = std::move(turn);
  return opened.turn ? std::nullopt : std::optional(wait);
}

RunReport run_one(Session& session, Box box, const RunArguments& arguments,
                  const Observer& observer, const std::stop_token& stop, Shared& shared,
                  std::optional<std::chrono::seconds>& rest) {
  const auto started = std::chrono::steady_clock::now();
  const std::chrono::seconds every =
      arguments.every.value_or(std::chrono::minutes(box.poll_minutes));
  BoxSession opened(std::move(box), LedgerAccess::create, session.clock, observer);
  opened.stop = stop;
  opened.servers = shared.servers;
  shared.keep_connections(opened.ledger);
  if (arguments.repeats) rest = rest_of(opened, every);
  if (rest) return {};
  RunReport report = run_box(opened);
  const auto line = run_line(opened.box.name, report,
                             std::chrono::duration_cast<std::chrono::milliseconds>(
                                 std::chrono::steady_clock::now() - started));
  session.log.info(line.text, line.members);
  session.log.detail(opened.box.name + ": " + summary_of(report));
  return report;
}

ExitCode run_until(Session& session, const RunArguments& arguments, const std::stop_token& stop) {
  if (arguments.repeats && session.format() == Format::json) {
    throw Error(ExitCode::usage, "--every has no end, and so no JSON array; choose ndjson");
  }
  StageOutput output(session);
  NamedBoxes boxes(session);
  Shared shared(boxes.count());
  const auto work = [&](std::size_t number) -> std::optional<std::chrono::seconds> {
    std::optional<std::chrono::seconds> rest;
    const auto poll_minutes = boxes.with(number, [&](Box box) {
      return run_one(session, std::move(box), arguments, output.observer(), stop, shared, rest);
    });
    if (!arguments.repeats) return std::nullopt;
    output.show();
    give_back_memory();
    if (rest) return rest;
    return arguments.every.value_or(poll_minutes.value_or(std::chrono::minutes(1)));
  };
  BoxLoop loop(work, [&shared] { shared.close_connections(); });
  loop.run(boxes.count(), arguments.jobs, stop);
  if (arguments.repeats) {
    session.log.info("stopped on request");
    return ExitCode::ok;
  }
  output.finish("no new mails");
  // Some boxes may not have had their turn.
  return stop.stop_requested() ? first_of(boxes.outcome(), ExitCode::temporary) : boxes.outcome();
}

ExitCode run_bounded(Session& session, const RunArguments& arguments, std::stop_source& stop) {
  const StopDeadline deadline(stop.get_token(), longest_farewell, [&session] {
    session.log.error("ended in the middle since a server or a disk is slow; nothing is lost");
    std::_Exit(static_cast<int>(ExitCode::temporary));
  });
  return run_until(session, arguments, stop.get_token());
}

ExitCode run_service(Session& session, const RunArguments& arguments) {
  session.options.log.events = arguments.service;
  session.log = Log(session.options.log);
  session.out.drop();
  return static_cast<ExitCode>(
      run_as_system_service(arguments.service, [&](std::stop_source& stop) {
        try {
          return static_cast<int>(run_bounded(session, arguments, stop));
        } catch (const Error& error) {
          session.log.error(error.what());
          return static_cast<int>(error.code());
        }
      }));
}

ExitCode run_boxes(Session& session, const RunArguments& arguments) {
  if (!arguments.service.empty()) return run_service(session, arguments);
  std::stop_source stop;
  const EndRequests requests([&stop] {
    return stop.request_stop() ? EndRequests::Answer::go_on : EndRequests::Answer::end_now;
  });
  return run_bounded(session, arguments, stop);
}

ExitCode dry_run_boxes(Session& session) {
  StageOutput output(session);
  DryRun dry;
  NamedBoxes boxes(session);
  for (std::size_t number = 0; number < boxes.count(); ++number) {
    boxes.with(number, [&](Box box) {
      const std::string name = box.name;
      RunReport report = dry.run(std::move(box), session.clock, output.observer());
      session.log.info(fmt::format("{}: dry run, nothing was changed; it would be: {}{}", name,
                                   summary_of(report), notifications(report.outbox_waiting)));
      return report;
    });
  }
  output.finish("no new mails");
  return boxes.outcome();
}

void read_every(RunArguments& arguments, const std::string& text) {
  arguments.repeats = true;
  if (!text.empty()) arguments.every = every_from(text);
}

}  // namespace

void add_run(CommandLine& line) {
  auto arguments = kept<RunArguments>();
  CLI::App& command =
      line.add(line.app(),
               {"run", "Fetch, read, match, post and notify: everything, once or again and again",
                "paymentctl run -c box.xml\n"
                "paymentctl run -c first.xml -c second.xml --format ndjson\n"
                "paymentctl run --config-dir /etc/paymentctl --every 10m --jobs 4\n"
                "paymentctl run -c box.xml --dry-run"},
               [arguments](Session& session) {
                 return arguments->dry ? dry_run_boxes(session) : run_boxes(session, *arguments);
               });
  CLI::Option* dry = command.add_flag(
      "--dry-run", arguments->dry,
      "Print what would be done, and change neither ledger nor mailbox nor folders");
  command
      .add_option_function<std::string>(
          "--every", [arguments](const std::string& text) { read_every(*arguments, text); },
          "Again and again until Ctrl-C or SIGTERM, such as 90s, 10m, 1h [pollMinutes]")
      ->type_name("TIME")
      ->expected(0, 1)
      ->excludes(dry);
  command.add_option("--jobs", arguments->jobs, "So many boxes at once [1]")
      ->type_name("N")
      ->check(CLI::Range(1, 64));
  // How install-service has it started on Windows; nothing for a person.
  command.add_option("--as-service", arguments->service)->group("");
  line.add_config(command, true);
  line.add_format(command);
}

}  // namespace paymentctl::cli
