#pragma once

#include <mutex>

#include "cli.hpp"
#include "printer.hpp"
#include "run/stages.hpp"

namespace paymentctl::cli {

/// The columns that show a line of the stages to a person.
std::vector<Column> stage_columns();

/// Prints what the stages tell: lines of the interface to standard output, in a table with one row
/// a line for a person; problems to the log; progress to a terminal, at most a few times a second.
/// Several threads may tell at once.
class StageOutput {
 public:
  explicit StageOutput(Session& session);

  [[nodiscard]] Observer observer();

  /// What has come so far is shown, and more may come.
  void show();
  /// The end of all lines; a table without rows says `nothing`.
  void finish(std::string_view nothing);

 private:
  void progress(const char* stage, std::uint64_t done);
  void clear_progress();
  /// The next stage of a chain starts while this one still works.
  void flush_now_and_then();

  Session& session_;
  std::mutex mutex_;
  Printer printer_;
  bool streams_;
  bool progress_shown_ = false;
  Timestamp last_progress_{};
  Timestamp last_flush_{};
};

/// Lines from a file, or from standard input for "-" or "".
class LineReader {
 public:
  explicit LineReader(const std::string& file);
  std::optional<std::string> next();

 private:
  std::unique_ptr<std::istream> file_;
  std::istream* input_;
};

/// The line that a run leaves in the log, and the same as members of a line of JSON.
struct RunLine {
  std::string text;
  Json members;
};
RunLine run_line(const std::string& box, const RunReport& report, std::chrono::milliseconds time);

/// "12 mails fetched, 9 payments posted: 7 paid, 2 unmatched; 1 mail unrecognised"
std::string summary_of(const RunReport& report);

}  // namespace paymentctl::cli
