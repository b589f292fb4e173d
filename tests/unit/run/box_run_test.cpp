#include "run/box_run.hpp"

#include <catch2/catch.hpp>

#include "../ledger/scratch.hpp"
#include "ledger/status.hpp"
#include "platform/clock.hpp"

namespace paymentctl {
namespace {

struct Told {
  std::vector<std::string> problems, warnings;

  Observer observer() {
    Observer observer;
    observer.problem = [this](const std::string& text) { problems.push_back(text); };
    observer.warning = [this](const std::string& text) { warnings.push_back(text); };
    return observer;
  }
};

TEST_CASE("a run that is stopped is no fault: it warns, ends with 75 and leaves the rest") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("in"));
  const Box box = box_from_xml(
      R"(<configuration><appSettings><add key="emlDir" value="in"/></appSettings></configuration>)",
      scratch.path("box.xml").string());
  Told told;
  BoxSession session(box, LedgerAccess::create, system_clock(), told.observer());
  std::stop_source stop;
  stop.request_stop();
  session.stop = stop.get_token();
  const std::string sentence = "stopped on request; what is not done waits for the next run";
  CHECK(run_box(session).exit_code == ExitCode::temporary);
  CHECK(told.problems.empty());
  CHECK(told.warnings == std::vector<std::string>{sentence});
  CHECK(latest_runs(session.ledger, session.key, 1).at(0).error == sentence);

  session.stop = {};
  CHECK(run_box(session).exit_code == ExitCode::ok);
  CHECK(latest_runs(session.ledger, session.key, 1).at(0).error.empty());
}

}  // namespace
}  // namespace paymentctl
