#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "commands.hpp"

namespace paymentctl::cli {
namespace {

/// A command and what can follow it.
struct Place {
  std::string path;  ///< "", "run", "documents list"
  std::string summary;
  std::vector<std::string> commands;
  std::vector<const CLI::Option*> options;
};

void collect(const CLI::App& app, const std::string& path, std::vector<Place>& places) {
  Place place{path, app.get_description(), {}, {}};
  // Options lie in groups too, which are apps without a name.
  const auto add_options = [&place](const CLI::App& from) {
    for (const CLI::Option* option : from.get_options()) {
      if (!option->get_lnames().empty() && !option->get_group().empty()) {
        place.options.push_back(option);
      }
    }
  };
  add_options(app);
  std::vector<const CLI::App*> below;
  for (const CLI::App* each : app.get_subcommands(nullptr)) {
    if (each->get_name().empty()) {
      add_options(*each);
    } else {
      place.commands.push_back(each->get_name());
      below.push_back(each);
    }
  }
  places.push_back(std::move(place));
  for (const CLI::App* each : below) {
    collect(*each, path.empty() ? each->get_name() : path + " " + each->get_name(), places);
  }
}

std::string words_of(const Place& place) {
  std::vector<std::string> words = place.commands;
  for (const CLI::Option* option : place.options) words.push_back("--" + option->get_lnames()[0]);
  return fmt::format("{}", fmt::join(words, " "));
}

/// Which of the words typed so far are commands, then what can follow: two tables for a shell.
struct Tables {
  std::string paths;  ///< `"documents list"|"documents show"`
  std::string words;  ///< one line a place
};

Tables tables_of(const std::vector<Place>& places, std::string_view line) {
  Tables tables;
  for (const Place& place : places) {
    if (!place.path.empty()) {
      tables.paths += (tables.paths.empty() ? "\"" : "|\"") + place.path + "\"";
    }
    tables.words += fmt::format(fmt::runtime(line), place.path, words_of(place));
  }
  return tables;
}

std::string bash(const std::vector<Place>& places) {
  const Tables tables = tables_of(places, "    \"{}\") words=\"{}\" ;;\n");
  return fmt::format(R"(# bash completion of paymentctl
_paymentctl() {{
  local path="" word words=""
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "${{path:+$path }}$word" in
      {}) path="${{path:+$path }}$word" ;;
    esac
  done
  case "$path" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _paymentctl paymentctl
)",
                     tables.paths, tables.words);
}

std::string zsh(const std::vector<Place>& places) {
  const Tables tables = tables_of(places, "  (\"{}\") list=\"{}\" ;;\n");
  return fmt::format(R"(#compdef paymentctl
# zsh completion of paymentctl
local place="" word list=""
for word in "${{(@)words[2,CURRENT-1]}}"; do
  case "${{place:+$place }}$word" in
    ({}) place="${{place:+$place }}$word" ;;
  esac
done
case "$place" in
{}esac
compadd -- ${{=list}}
[[ $PREFIX == -* ]] || _files
)",
                     tables.paths, tables.words);
}

/// In single quotes, for fish and PowerShell; each has its own way for a quote inside.
std::string quoted(std::string text, std::string_view quote) {
  for (std::size_t at = text.find('\''); at != std::string::npos;
       at = text.find('\'', at + quote.size())) {
    text.replace(at, 1, quote);
  }
  return "'" + text + "'";
}

std::string fish(const std::vector<Place>& places) {
  std::string text = "# fish completion of paymentctl\n";
  const auto summary_of = [&](const std::string& path) {
    return std::find_if(places.begin(), places.end(),
                        [&](const Place& place) { return place.path == path; })
        ->summary;
  };
  for (const Place& place : places) {
    std::string when = "__fish_use_subcommand";
    if (!place.path.empty()) {
      when = "__fish_seen_subcommand_from " + place.path;
      if (const auto blank = place.path.find(' '); blank != std::string::npos) {
        when = "__fish_seen_subcommand_from " + place.path.substr(0, blank) +
               "; and __fish_seen_subcommand_from " + place.path.substr(blank + 1);
      }
    }
    const auto line = [&](const std::string& what, const std::string& about) {
      text += fmt::format("complete -c paymentctl -n '{}' {} -d {}\n", when, what,
                          quoted(about, "\\'"));
    };
    for (const std::string& name : place.commands) {
      line("-a " + name, summary_of(place.path.empty() ? name : place.path + " " + name));
    }
    for (const CLI::Option* option : place.options) {
      line("-l " + option->get_lnames()[0] + (option->get_items_expected_max() > 0 ? " -r" : ""),
           option->get_description());
    }
  }
  return text;
}

std::string powershell(const std::vector<Place>& places) {
  std::string table;
  for (const Place& place : places) {
    table += fmt::format("    {} = {}\n", quoted(place.path, "''"), quoted(words_of(place), "''"));
  }
  return fmt::format(R"(# PowerShell completion of paymentctl
Register-ArgumentCompleter -Native -CommandName paymentctl -ScriptBlock {{
  param($wordToComplete, $commandAst, $cursorPosition)
  $follows = @{{
{}  }}
  $path = ''
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {{
    $longer = "$path $element".Trim()
    if ($follows.ContainsKey($longer)) {{ $path = $longer }}
  }}
  $follows[$path].Split(' ') | Where-Object {{ $_ -like "$wordToComplete*" }} |
    ForEach-Object {{ [System.Management.Automation.CompletionResult]::new($_) }}
}}
)",
                     table);
}

}  // namespace

void add_completion(CommandLine& line) {
  const auto shell = kept<std::string>();
  CLI::App& command =
      line.add(line.app(),
               {"completion", "Prints what lets a shell complete commands and options",
                "paymentctl completion bash > /etc/bash_completion.d/paymentctl\n"
                "paymentctl completion fish > ~/.config/fish/completions/paymentctl.fish"},
               [shell, &line](Session& session) {
                 std::vector<Place> places;
                 collect(line.app(), "", places);
                 const std::map<std::string, std::string (*)(const std::vector<Place>&)> writers = {
                     {"bash", bash}, {"zsh", zsh}, {"fish", fish}, {"powershell", powershell}};
                 session.out.write(writers.at(*shell)(places));
                 return ExitCode::ok;
               });
  command.add_option("SHELL", *shell, "bash, zsh, fish or powershell")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish", "powershell"}));
}

}  // namespace paymentctl::cli
