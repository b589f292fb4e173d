#include <deque>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "config/values.hpp"
#include "model/visible.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "run/box_session.hpp"
#include "run/mail_auth.hpp"
#include "run/parse_files.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

struct ParseArguments {
  std::vector<std::string> mails;
  std::vector<std::string> own_accounts;
  std::string bank;
  bool explain = false;
};

OwnAccount own_account(const std::string& text) {
  const auto account = own_account_from(text);
  if (!account) {
    throw Error(ExitCode::usage, "--own-account " + text +
                                     ": no account whose check digits hold; wanted NUMBER/BANK, an "
                                     "IBAN, or either with a currency as in 2901618114/2010:EUR");
  }
  return *account;
}

/// Settings and formats of the box where there is one, and the options on top.
struct Reading {
  Box box;
  Catalog catalog;
  ParseSettings settings;
  bool has_box;

  /// Judges what fetch tells of; only in a box there is something to prove.
  [[nodiscard]] std::unique_ptr<SenderJudge> sender_judge(const Judge& judge,
                                                          const Clock& clock) const {
    return has_box ? std::make_unique<SenderJudge>(judge, catalog, box, clock, resolver_of(box))
                   : nullptr;
  }
};

Reading reading_of(Session& session, const ParseArguments& arguments) {
  const bool has_box = session.has_box();
  Box box = has_box ? session.box() : Box();
  Reading reading{box, catalog_of(box), parse_settings_of(box), has_box};
  for (const std::string& text : arguments.own_accounts) {
    reading.settings.own_accounts.push_back(own_account(text));
  }
  if (!arguments.bank.empty() && !reading.catalog.bank(arguments.bank)) {
    std::string known;
    for (const auto& bank : reading.catalog.banks()) known += " " + bank.id;
    throw Error(ExitCode::usage, "--bank " + arguments.bank + ": no such bank; there are:" + known);
  }
  reading.settings.bank = arguments.bank;
  return reading;
}

ExitCode explain(Session& session, const Judge& judge, const Reading& reading,
                 const ParseArguments& arguments) {
  const auto resolver = reading.has_box ? resolver_of(reading.box) : nullptr;
  for (const std::string& mail : arguments.mails) {
    if (mail == "-") throw Error(ExitCode::usage, "--explain wants a file, not standard input");
    const std::string bytes = read_file(path_from_utf8(mail), reading.box.max_mail_size);
    session.out.write(
        visible_lines(mail + "\n" + judge.explain(bytes) +
                      sender_text(examine_sender(bytes, reading.box, reading.catalog,
                                                 resolver.get(), session.clock.now()))));
  }
  session.out.flush();
  return ExitCode::ok;
}

ExitCode parse(Session& session, const ParseArguments& arguments) {
  const Reading reading = reading_of(session, arguments);
  const std::uint64_t most = reading.box.max_mail_size;
  const Judge judge(reading.catalog, reading.settings, limits_of(most));
  if (arguments.explain) return explain(session, judge, reading, arguments);

  StageOutput output(session);
  RunReport report;
  for (const std::string& mail : arguments.mails) {
    if (mail != "-") {
      parse_path(judge, path_from_utf8(mail), most, output.observer(), report);
      continue;
    }
    // Lines of `fetch` begin with a brace; anything else is one raw mail.
    if (std::cin.peek() == '{') {
      LineReader lines("-");
      const auto sender_judge = reading.sender_judge(judge, session.clock);
      parse_lines(
          judge, sender_judge.get(), most, [&lines] { return lines.next(); }, output.observer(),
          report);
    } else if (std::cin.peek() != std::char_traits<char>::eof()) {
      parse_stream(judge, std::cin, most, output.observer(), report);
    }
  }
  output.finish("no mails");
  return report.exit_code;
}

}  // namespace

void add_parse(CommandLine& line) {
  const auto arguments = kept<ParseArguments>();
  CLI::App& command =
      line.add(line.app(),
               {"parse", "Read payments out of mails; needs no configuration",
                "paymentctl parse mail.eml\n"
                "paymentctl parse mails/ --format ndjson\n"
                "paymentctl parse mail.eml --own-account 2901618114/2010\n"
                "paymentctl parse forwarded.eml --bank fio --explain"},
               [arguments](Session& session) { return parse(session, *arguments); });
  command
      .add_option("MAIL", arguments->mails,
                  "Mail files, folders of *.eml files, or - for one mail or the lines of fetch")
      ->required();
  command
      .add_option("--own-account", arguments->own_accounts,
                  "One of our accounts, which decides a direction that the wording leaves open")
      ->allow_extra_args(false);
  command.add_option("--bank", arguments->bank,
                     "Read every mail as this bank's, whoever sent it (see formats list)");
  command.add_flag("--explain", arguments->explain,
                   "Show which format found which line, and which was missing");
  line.add_config(command);
  line.add_format(command);
}

}  // namespace paymentctl::cli
