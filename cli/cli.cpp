#include "cli.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "config/values.hpp"
#include "model/visible.hpp"
#include "platform/journal.hpp"
#include "platform/paths.hpp"
#include "platform/terminal.hpp"
#include "version.hpp"

namespace paymentctl::cli {
namespace {

const std::map<std::string, Format> format_names = {{"table", Format::table},
                                                    {"json", Format::json},
                                                    {"ndjson", Format::ndjson},
                                                    {"csv", Format::csv}};

bool wants_color(const std::string& choice) {
  if (choice != "auto") return choice == "always";
  const auto refused = environment_variable("NO_COLOR");
  return is_terminal(Stream::error) && (!refused || refused->empty());
}

/// The last resort when there is no log yet, or the fault is in the log.
void complain(std::string_view message) {
  const std::string line = "paymentctl: " + visible(message) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

/// Some faults are several, one a line: the bad lines of a file of documents.
void log_lines(Log& log, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) log.error(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// Each line of an example stands under the first.
std::string indented(const std::string& example) {
  std::string text;
  for (std::size_t at = 0; at < example.size();) {
    const std::size_t end = std::min(example.find('\n', at), example.size());
    const std::size_t start = std::min(example.find_first_not_of(' ', at), end);
    text += (text.empty() ? "" : "\n  ") + example.substr(start, end - start);
    at = end + 1;
  }
  return text;
}

/// A word where a command was wanted; CLI11 says only that one is required.
std::optional<std::string> unknown_command(const CLI::App& app,
                                           const std::vector<std::string>& words) {
  const CLI::App* place = &app;
  for (const std::string& word : words) {
    // A group of options is a nameless subcommand.
    const auto below =
        place->get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); });
    if (below.empty() || word.starts_with('-')) return std::nullopt;
    const auto next = std::find_if(below.begin(), below.end(),
                                   [&](const CLI::App* one) { return one->get_name() == word; });
    if (next == below.end()) return fmt::format("there is no command \"{}\"", visible(word));
    place = *next;
  }
  return std::nullopt;
}

std::string help_hint(const CLI::App& app) {
  std::string command = "paymentctl";
  const CLI::App* place = &app;
  while (!place->get_subcommands().empty()) {
    place = place->get_subcommands().front();
    command += " " + place->get_name();
  }
  return command + " --help";
}

}  // namespace

Format Session::format() const {
  if (options.format) return *options.format;
  return is_terminal(Stream::output) ? Format::table : Format::ndjson;
}

bool Session::shows_progress() const { return is_terminal(Stream::error) && !options.log.quiet; }

bool Session::has_box() const {
  return !options.config.empty() || std::filesystem::exists("box.xml");
}

Box Session::box() {
  Box only = quiet_box();
  for (const std::string& warning : only.warnings) log.warning(warning);
  return only;
}

Box Session::quiet_box() {
  const auto files = box_files();
  if (files.size() != 1) throw Error(ExitCode::usage, "this command works on one box; give one -c");
  return read_box(files.front());
}

std::vector<std::filesystem::path> Session::box_files() const {
  std::vector<std::filesystem::path> files;
  if (!options.config_dir.empty()) {
    files = paymentctl::box_files(path_from_utf8(options.config_dir));
  }
  for (const std::string& file : options.config) files.push_back(path_from_utf8(file));
  if (files.empty()) {
    if (!std::filesystem::exists("box.xml")) {
      throw Error(ExitCode::no_input,
                  "there is no box.xml here; name one with -c, or make one with: paymentctl init");
    }
    files.emplace_back("box.xml");
  }
  return files;
}

CommandLine::CommandLine()
    : app_("Reads Czech banks' payment notices, matches them with invoices and posts them",
           "paymentctl") {
  app_.set_version_flag("--version", version_text(), "Version of the program and its libraries");
  app_.allow_windows_style_options(false);  // an argument that begins with / is a path
  app_.require_subcommand(1);
  app_.get_formatter()->column_width(34);
  app_.footer("Start with: paymentctl init\nEach command explains itself: paymentctl parse --help");
}

CLI::App& CommandLine::add_group(const std::string& name, const std::string& summary) {
  CLI::App* group = app_.add_subcommand(name, summary);
  group->require_subcommand(1);
  group->footer("Each of them explains itself, with an example: paymentctl " + name +
                " COMMAND --help");
  return *group;
}

CLI::App& CommandLine::add(CLI::App& parent, const CommandText& text, Action action) {
  CLI::App* command = parent.add_subcommand(text.name, text.summary);
  command->footer("Example:\n  " + indented(text.example));
  add_common(*command);
  command->callback([this, action = std::move(action)] { chosen_ = action; });
  return *command;
}

void CommandLine::add_config(CLI::App& command, bool several) {
  auto* config = command.add_option("-c,--config", session_.options.config,
                                    several ? "Settings of a box; may be repeated [./box.xml]"
                                            : "Settings of the box [./box.xml]");
  // One file behind each -c, so that `-c box.xml FILE` leaves FILE to the command.
  config->type_name("FILE")->expected(1)->allow_extra_args(false);
  if (several) {
    config->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--config-dir", session_.options.config_dir, "Folder of boxes, every *.xml")
        ->type_name("DIR");
  }
}

void CommandLine::add_format(CLI::App& command) {
  command
      .add_option_function<std::string>(
          "--format",
          [this](const std::string& name) { session_.options.format = format_names.at(name); },
          "table, json, ndjson or csv [table on a terminal, else ndjson]")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json", "ndjson", "csv"}));
}

void CommandLine::add_common(CLI::App& command) {
  LogOptions& log = session_.options.log;
  auto* group = command.add_option_group("Messages");
  group->add_flag("-q,--quiet", log.quiet, "Tell of errors only");
  group->add_flag("-v,--verbose", log.verbose, "Tell details too");
  group->add_option("--log-file", log.file, "Write the log to this file too")->type_name("FILE");
  group
      ->add_option_function<std::string>(
          "--log-format", [&log](const std::string& name) { log.json = name == "json"; },
          "text or json [text]")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
  group->add_option("--color", session_.options.color, "auto, always or never [auto]")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

ExitCode CommandLine::parse_and_act(std::vector<std::string> arguments) {
  const std::vector<std::string> words = arguments;
  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the end
    app_.parse(std::move(arguments));
  } catch (const CLI::Success& wish) {  // --help and --version
    session_.out.write(wish.get_name() == "CallForVersion" ? std::string(wish.what()) + "\n"
                                                           : app_.help());
    session_.out.flush();
    return ExitCode::ok;
  } catch (const CLI::ParseError& error) {
    complain(fmt::format("{}; see: {}", unknown_command(app_, words).value_or(error.what()),
                         help_hint(app_)));
    return ExitCode::usage;
  }
  session_.options.log.color = wants_color(session_.options.color);
  session_.options.log.journal = errors_go_to_journal();
  session_.log = Log(session_.options.log);
  const ExitCode code = chosen_(session_);
  session_.out.flush();
  return code;
}

int CommandLine::run(std::vector<std::string> arguments) {
  ExitCode code = ExitCode::software;
  try {
    code = parse_and_act(std::move(arguments));
  } catch (const ReaderGone&) {
    code = ExitCode::io;
  } catch (const Error& error) {
    log_lines(session_.log, error.what());
    code = error.code();
  } catch (const std::bad_alloc&) {
    complain("out of memory; give the program more, or less work at once");
  } catch (const std::exception& error) {
    complain(
        fmt::format("a fault of paymentctl itself: {}; nothing half-done was kept, please "
                    "report it with the command you gave",
                    error.what()));
  }
  return static_cast<int>(code);
}

std::chrono::seconds every_from(const std::string& text) {
  if (const auto every = interval_from(text)) return *every;
  throw Error(ExitCode::usage,
              "--every " + text + ": a number with s, m or h is wanted, such as 90s, 10m, 1h");
}

}  // namespace paymentctl::cli
