#include <cstdio>

#include <fmt/format.h>

#include "commands.hpp"
#include "ledger/copy.hpp"
#include "ledger/status.hpp"
#include "platform/paths.hpp"
#include "run/archive_care.hpp"

namespace paymentctl::cli {
namespace {

constexpr int most_faults = 100;
constexpr std::size_t whole_fault = 1000;

struct MoveArguments {
  std::string from;
  std::string to;
};

/// Tells on a terminal how far a copy is.
CopyOptions with_progress(const Session& session) {
  CopyOptions options;
  if (!session.shows_progress()) return options;
  options.progress = [](const std::string& table, std::int64_t rows) {
    fmt::print(stderr, "\r\033[K{} {}", table, rows);
    std::fflush(stderr);
  };
  return options;
}

void end_progress(const Session& session) {
  if (session.shows_progress()) fmt::print(stderr, "\r\033[K");
}

ExitCode write_backup(Session& session, const std::string& file) {
  BoxLedger opened = open_ledger(session.box(), LedgerAccess::read_only);
  backup_ledger(opened.ledger, std::filesystem::absolute(path_from_utf8(file)),
                with_progress(session));
  end_progress(session);
  session.log.info(fmt::format("{} is a copy of ledger {}", file, opened.ledger.location()));
  return ExitCode::ok;
}

ExitCode move_ledger(Session& session, const MoveArguments& arguments) {
  if (arguments.from == arguments.to) {
    throw Error(ExitCode::usage, "FROM and TO are the same ledger");
  }
  Ledger from = Ledger::open(arguments.from, LedgerAccess::existing);
  Ledger to = Ledger::open_to_be_filled(arguments.to);
  const auto tables = copy_ledger(from, to, with_progress(session));
  end_progress(session);
  Printer printer(session.out, session.format(),
                  {{"Table", "/table"},
                   {"Rows", "/rows", true},
                   {"Sum", "/sum", true},
                   {"Copied now", "/copied", true}});
  for (const CopiedTable& table : tables) {
    printer.row({{"table", table.name},
                 {"rows", table.rows},
                 {"sum", Amount::from_minor(table.sum).decimal()},
                 {"copied", table.copied}});
  }
  printer.finish("nothing to copy");
  session.log.info(fmt::format(
      "{} holds row by row what {} holds; name it as ledger in box.xml before the next run",
      to.location(), from.location()));
  return ExitCode::ok;
}

ExitCode check_all(Session& session) {
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
  auto broken = check_ledger(opened.ledger, opened.key, most_faults);
  const int left = most_faults - static_cast<int>(broken.size());
  for (std::string& sentence : check_archive(opened, box, left)) {
    broken.push_back(std::move(sentence));
  }
  Printer printer(session.out, session.format(),
                  {{"What is wrong", "/broken", false, {}, whole_fault}});
  for (const std::string& sentence : broken) printer.row({{"broken", sentence}});
  printer.finish("the ledger keeps all its guarantees");
  return broken.empty() ? ExitCode::ok : ExitCode::attention;
}

}  // namespace

void add_ledger(CommandLine& line) {
  CLI::App& group = line.add_group("ledger", "The database itself");
  CLI::App& command = line.add(
      group,
      {"check",
       "Checks every guarantee row by row and every archived mail; exit code 1 when one is broken",
       "paymentctl ledger check -c box.xml"},
      check_all);
  line.add_config(command);
  line.add_format(command);

  auto file = kept<std::string>();
  CLI::App& backing_up =
      line.add(group,
               {"backup", "Writes a consistent copy into a new SQLite file, while others work",
                "paymentctl ledger backup paymentctl-2026-11-23.db -c box.xml"},
               [file](Session& session) { return write_backup(session, *file); });
  backing_up.add_option("file", *file, "File to be written, which must not exist")->required();
  line.add_config(backing_up);

  auto arguments = kept<MoveArguments>();
  CLI::App& moving = line.add(
      group,
      {"move", "Copies a ledger between files and servers and compares the two row by row",
       "paymentctl ledger move paymentctl.db postgresql://paymentctl@db.firma.cz/paymentctl\n"
       "paymentctl ledger move paymentctl-2026-11-23.db restored.db"},
      [arguments](Session& session) { return move_ledger(session, *arguments); });
  moving.add_option("from", arguments->from, "File or URL; it stays as it is")->required();
  moving.add_option("to", arguments->to, "File or URL; empty, or what a broken move left")
      ->required();
  line.add_format(moving);
}

}  // namespace paymentctl::cli
