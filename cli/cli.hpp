#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "config/box.hpp"
#include "log.hpp"
#include "model/error.hpp"
#include "output.hpp"
#include "platform/clock.hpp"
#include "printer.hpp"

namespace paymentctl::cli {

/// The options that many commands share, as given; absent means the default of the interface.
struct Options {
  std::vector<std::string> config;  ///< -c, UTF-8 paths
  std::string config_dir;
  std::optional<Format> format;
  LogOptions log;
  std::string color = "auto";
};

/// What a command works with: its options, standard output, the log, the clock.
class Session {
 public:
  Options options;
  Output out;
  Log log;  ///< made anew from the options before the command runs
  const Clock& clock = system_clock();

  /// As given by --format, else a table on a terminal and NDJSON into a pipe.
  [[nodiscard]] Format format() const;
  /// Whether progress may be shown: standard error is a terminal and --quiet was not given.
  [[nodiscard]] bool shows_progress() const;

  /// Whether -c was given or ./box.xml is there, for commands that need no box.
  [[nodiscard]] bool has_box() const;
  /// The one box of -c, else ./box.xml; its warnings go to the log. Two are Error(usage).
  [[nodiscard]] Box box();
  /// The same without a word about its warnings, for whoever tells them himself.
  [[nodiscard]] Box quiet_box();
  /// The settings' files of every -c and of --config-dir, else ./box.xml.
  [[nodiscard]] std::vector<std::filesystem::path> box_files() const;
};

/// What a command does after its arguments are understood; its exit code.
using Action = std::function<ExitCode(Session&)>;

/// One command and how it presents itself.
struct CommandText {
  std::string name;
  std::string summary;  ///< one line, no full stop
  std::string example;  ///< one or several lines that a user can copy
};

/// The commands, their shared options, and which of them was chosen.
class CommandLine {
 public:
  CommandLine();

  /// A command that has subcommands only ("documents").
  CLI::App& add_group(const std::string& name, const std::string& summary);
  /// A command below `parent` (app() or a group) that does `action`. --quiet, --verbose,
  /// --log-file,
  /// --log-format and --color are added to every one.
  CLI::App& add(CLI::App& parent, const CommandText& text, Action action);

  /// -c; also several of them and --config-dir where `several`.
  void add_config(CLI::App& command, bool several = false);
  /// --format
  void add_format(CLI::App& command);

  CLI::App& app() { return app_; }
  Session& session() { return session_; }

  /// Understands the arguments (UTF-8, without the program's name) and runs the chosen command.
  /// Faults end as one line on standard error and the exit code that belongs to them.
  int run(std::vector<std::string> arguments);

 private:
  ExitCode parse_and_act(std::vector<std::string> arguments);
  void add_common(CLI::App& command);

  CLI::App app_;
  Session session_;
  Action chosen_;
};

/// Arguments of a command that live as long as its action: `auto arguments =
/// kept<ListArguments>();`
template <typename Arguments>
std::shared_ptr<Arguments> kept() {
  return std::make_shared<Arguments>();
}

/// What --every was given; Error(usage) for what is no interval.
std::chrono::seconds every_from(const std::string& text);

}  // namespace paymentctl::cli
