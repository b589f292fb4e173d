#include <fmt/format.h>

#include "commands.hpp"
#include "parse/catalog.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "run/box_session.hpp"
#include "run/parse_files.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

constexpr std::uint64_t largest_format = 1u << 20;

struct CheckArguments {
  std::string file;
  std::vector<std::string> mails;
};

const std::vector<Column> format_columns = {{"Bank", "/bank_name"},
                                            {"", "/bank"},
                                            {"Format", "/id"},
                                            {"Direction", "/direction"},
                                            {"Ignored as", "/reason"},
                                            {"Since", "/since"},
                                            {"Example", "/example"},
                                            {"", "/file"},
                                            {"", "/line"}};

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json_of(const FormatFacts& format, const BankFacts& bank) {
  return {{"bank", format.bank},
          {"bank_name", bank.name},
          {"id", format.id},
          {"direction", format.direction},
          {"reason", text_or_null(format.reason)},
          {"since", text_or_null(format.since)},
          {"example", text_or_null(format.example)},
          {"twins", format.twins},
          {"file", format.file},
          {"line", format.line}};
}

/// Built in, and the user's own where there is a box.
Catalog known_formats(Session& session) {
  Box box;
  if (session.has_box()) box = session.box();
  return catalog_of(box);
}

void print(Session& session, const Catalog& catalog, const std::string& bank,
           const std::string& file) {
  Printer printer(session.out, session.format(), format_columns);
  for (const FormatFacts& format : catalog.formats()) {
    if (!bank.empty() && format.bank != bank) continue;
    if (!file.empty() && format.file != file) continue;
    printer.row(json_of(format, catalog.bank(format.bank).value()));
  }
  printer.finish("no formats");
}

ExitCode list_formats(Session& session, const std::string& bank) {
  const Catalog catalog = known_formats(session);
  if (!bank.empty() && !catalog.bank(bank)) {
    throw Error(ExitCode::usage,
                fmt::format("--bank {}: no such bank; see: paymentctl formats list", bank));
  }
  print(session, catalog, bank, "");
  return ExitCode::ok;
}

ExitCode show_format(Session& session, const std::string& id) {
  const std::string text = known_formats(session).user_file(id);
  if (text.empty()) {
    throw Error(ExitCode::data,
                fmt::format("there is no format {}; see: paymentctl formats list", id));
  }
  session.out.write(text);
  session.out.flush();
  return ExitCode::ok;
}

/// What the file reads from mails: under the box's settings where there is one, the file on top of
/// the built-in formats.
ExitCode read_mails(Session& session, const Catalog& catalog,
                    const std::vector<std::string>& mails) {
  Box box;
  if (session.has_box()) box = session.box();
  const Judge judge(catalog, parse_settings_of(box), limits_of(box.max_mail_size));
  StageOutput output(session);
  RunReport report;
  for (const std::string& mail : mails) {
    parse_path(judge, path_from_utf8(mail), box.max_mail_size, output.observer(), report);
  }
  output.finish("no mails");
  return report.exit_code;
}

ExitCode check_formats(Session& session, const CheckArguments& arguments) {
  const FormatFile file{arguments.file, read_file(path_from_utf8(arguments.file), largest_format)};
  const Catalog catalog = Catalog::with_user_file(file);
  if (!arguments.mails.empty()) return read_mails(session, catalog, arguments.mails);
  print(session, catalog, "", file.name);
  return ExitCode::ok;
}

}  // namespace

void add_formats(CommandLine& line) {
  CLI::App& group =
      line.add_group("formats", "The banks' mail formats, built in and the user's own");

  auto bank = kept<std::string>();
  CLI::App& listing = line.add(group,
                               {"list", "Lists every format and every known mail without a payment",
                                "paymentctl formats list --bank fio"},
                               [bank](Session& session) { return list_formats(session, *bank); });
  listing.add_option("--bank", *bank, "Only this bank's, such as fio");
  line.add_config(listing);
  line.add_format(listing);

  auto id = kept<std::string>();
  CLI::App& showing = line.add(
      group,
      {"show", "Prints a format's definition as a file for formatsDir, ready to be changed",
       "paymentctl formats show fio-classic > formats/my-fio.xml"},
      [id](Session& session) { return show_format(session, *id); });
  showing.add_option("id", *id, "Id of the format, such as fio-classic")->required();
  line.add_config(showing);

  auto arguments = kept<CheckArguments>();
  CLI::App& checking =
      line.add(group,
               {"check", "Checks a format file; with mails, shows what is read from each",
                "paymentctl formats check my-fio.xml --mails mails/"},
               [arguments](Session& session) { return check_formats(session, *arguments); });
  checking.add_option("file", arguments->file, "File with a <bank>")->required()->type_name("FILE");
  checking
      .add_option("--mails", arguments->mails, "Mail files, or folders of *.eml files, to be read")
      ->type_name("MAIL");
  line.add_config(checking);
  line.add_format(checking);
}

}  // namespace paymentctl::cli
