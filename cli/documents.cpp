#include "ledger/documents.hpp"

#include <fmt/format.h>

#include "commands.hpp"
#include "decisions.hpp"
#include "export.hpp"
#include "ledger/status.hpp"
#include "model/names.hpp"
#include "run/box_ledger.hpp"
#include "run/document_files.hpp"
#include "run/listing.hpp"
#include "run/posting.hpp"
#include "stage_output.hpp"

namespace paymentctl::cli {
namespace {

struct ListArguments {
  std::vector<std::string> statuses;
  std::string kind;
  std::string number;
};

struct ShowArguments {
  std::string number;
  std::string kind;
};

const std::vector<Column> document_columns = {{"Kind", "/kind"},
                                              {"Number", "/number"},
                                              {"", "/partner/id"},
                                              {"Partner", "/partner/name"},
                                              {"", "/partner/account"},
                                              {"VS", "/variable_symbol"},
                                              {"Amount", "/amount", true},
                                              {"Paid", "/paid", true},
                                              {"Outstanding", "/outstanding", true},
                                              {"Currency", "/currency"},
                                              {"", "/issued_on"},
                                              {"Due", "/due_on"},
                                              {"Status", "/status"}};

/// Money that came before its invoice: what the import of one file settled.
void print_settled(Session& session, const std::vector<Json>& settled) {
  if (session.format() != Format::table || settled.empty()) return;
  session.out.write("\nSettled by payments that had waited:\n");
  Printer printer(session.out, session.format(), stage_columns());
  for (const Json& line : settled) printer.row(line);
  printer.finish("");
}

ExitCode import_documents(Session& session, const std::vector<std::string>& files) {
  BoxSession opened(session.box(), LedgerAccess::create, session.clock, {});
  Printer printer(session.out, session.format(),
                  {{"File", "/file"},
                   {"Added", "/added", true},
                   {"Changed", "/changed", true},
                   {"Unchanged", "/unchanged", true},
                   {"Payments settled", "/settled", true,
                    [](const Json& row) { return std::to_string(row.at("settled").size()); }}});
  std::vector<Json> all_settled;
  for (const std::string& file : files) {
    const ImportCounts counts = import_document_file(opened, file);
    std::vector<Json> settled = settle_now(opened);
    printer.row({{"file", file},
                 {"added", counts.added},
                 {"changed", counts.changed},
                 {"unchanged", counts.unchanged},
                 {"settled", settled}});
    std::move(settled.begin(), settled.end(), std::back_inserter(all_settled));
  }
  printer.finish("no files");
  print_settled(session, all_settled);
  return ExitCode::ok;
}

ExitCode list_documents(Session& session, const ListArguments& arguments) {
  BoxLedger opened = open_ledger(session.box(), LedgerAccess::read_only);
  DocumentFilter filter;
  for (const std::string& status : arguments.statuses) {
    filter.statuses.push_back(value_of<DocumentStatus>(status).value());
  }
  if (!arguments.kind.empty()) filter.kind = value_of<DocumentKind>(arguments.kind);
  filter.number = arguments.number;
  Printer printer(session.out, session.format(), document_columns);
  each_document(opened.ledger, opened.key, filter,
                [&](const DocumentRow& row) { printer.row(to_json(row.document)); });
  printer.finish("no documents");
  return ExitCode::ok;
}

ExitCode show_document(Session& session, const ShowArguments& arguments) {
  BoxLedger opened = open_ledger(session.box(), LedgerAccess::read_only);
  DocumentFilter filter;
  filter.number = arguments.number;
  if (!arguments.kind.empty()) filter.kind = value_of<DocumentKind>(arguments.kind);
  const auto found = list_documents(opened.ledger, opened.key, filter);
  if (found.empty()) {
    throw Error(
        ExitCode::data,
        fmt::format("there is no document {}; see: paymentctl documents list", arguments.number));
  }
  for (const DocumentRow& row : found) {
    Json json = to_json(row.document);
    json["journal"] = listed(journal_of(opened.ledger, opened.key, journal_subject(row.document)));
    print_object(session.out, session.format(), json);
  }
  return ExitCode::ok;
}

struct CancelArguments {
  std::string number;
  DecisionOptions options;
};

ExitCode cancel_document(Session& session, const CancelArguments& arguments) {
  BoxSession box(session.box(), LedgerAccess::existing, session.clock, {});
  PostSettings settings = box.post_settings(false);
  settings.who = decider(arguments.options);
  const DocumentRow row =
      cancel_document(box.ledger, settings, document_name(arguments.options, arguments.number),
                      arguments.options.why);
  print_object(session.out, session.format(), to_json(row.document));
  return ExitCode::ok;
}

const CLI::IsMember kinds({"issued_invoice", "received_invoice", "other_receivable",
                           "other_payable"});

}  // namespace

void add_documents(CommandLine& line) {
  CLI::App& group = line.add_group("documents", "Invoices and other obligations in the ledger");

  auto files = kept<std::vector<std::string>>();
  CLI::App& importing =
      line.add(group,
               {"import",
                "Takes documents from files, each all or nothing, and settles what waited for them",
                "paymentctl documents import documents.csv -c box.xml"},
               [files](Session& session) { return import_documents(session, *files); });
  importing
      .add_option("files", *files, "CSV, JSON, NDJSON, ISDOC (.isdoc, .isdocx) or Pohoda's XML")
      ->required()
      ->type_name("FILE");
  line.add_config(importing);
  line.add_format(importing);

  auto wanted = kept<ListArguments>();
  CLI::App& listing =
      line.add(group,
               {"list", "Lists documents and what they still owe",
                "paymentctl documents list --status open --format csv"},
               [wanted](Session& session) { return list_documents(session, *wanted); });
  listing
      .add_option("--status", wanted->statuses, "Only these: open, partially_paid, paid, cancelled")
      ->delimiter(',')
      ->check(CLI::IsMember({"open", "partially_paid", "paid", "cancelled"}));
  listing.add_option("--kind", wanted->kind, "Only this kind, such as issued_invoice")
      ->check(kinds);
  listing.add_option("--number", wanted->number, "Only documents with exactly this number");
  line.add_config(listing);
  line.add_format(listing);

  auto one = kept<ShowArguments>();
  CLI::App& showing = line.add(group,
                               {"show", "Shows one document, by its number",
                                "paymentctl documents show 130100024 -c box.xml"},
                               [one](Session& session) { return show_document(session, *one); });
  showing.add_option("number", one->number, "Number of the document")->required();
  showing.add_option("--kind", one->kind, "Kind, where several have this number")->check(kinds);
  line.add_config(showing);
  line.add_format(showing);

  add_documents_export(line, group);

  auto unwanted = kept<CancelArguments>();
  CLI::App& cancelling =
      line.add(group,
               {"cancel", "Cancels a document of which nothing is paid: it owes nothing any more",
                "paymentctl documents cancel 130100024 --why \"issued twice\""},
               [unwanted](Session& session) { return cancel_document(session, *unwanted); });
  cancelling.add_option("number", unwanted->number, "Number of the document")->required();
  add_decision_options(cancelling, unwanted->options, true);
  line.add_config(cancelling);
  line.add_format(cancelling);
}

}  // namespace paymentctl::cli
