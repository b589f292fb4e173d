#include "ledger/messages.hpp"

#include <charconv>

#include <fmt/format.h>

#include "commands.hpp"
#include "ledger/payments.hpp"
#include "ledger/status.hpp"
#include "platform/user.hpp"
#include "run/box_ledger.hpp"
#include "run/listing.hpp"

namespace paymentctl::cli {
namespace {

const std::vector<Column> message_columns = {{"Mail", "/id", true},
                                             {"State", "/state"},
                                             {"From", "/from"},
                                             {"Subject", "/subject"},
                                             {"Payments", "/payments", true},
                                             {"", "/format"},
                                             {"Reason", "/reason"},
                                             {"", "/message_id"},
                                             {"", "/path"},
                                             {"", "/sha256"}};

ExitCode list_messages(Session& session, const std::vector<std::string>& states) {
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
  MessageFilter filter;
  for (const std::string& state : states) filter.states.push_back(message_state(state).value());
  Printer printer(session.out, session.format(), message_columns);
  for (bool more = true; more;) {
    const auto page = list_messages(opened.ledger, opened.key, filter);
    for (const MessageRow& row : page) printer.row(listed(row, box.archive_dir));
    more = page.size() == static_cast<std::size_t>(filter.limit);
    if (more) filter.after = page.back().id;
  }
  printer.finish("no mails");
  return ExitCode::ok;
}

/// A short number is the list's, 64 digits are the digest.
std::optional<MessageRow> find(BoxLedger& opened, const std::string& name) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (error == std::errc() && end == name.data() + name.size()) {
    return find_message(opened.ledger, opened.key, id);
  }
  return find_message(opened.ledger, opened.key, name);
}

MessageRow wanted(BoxLedger& opened, const std::string& name) {
  auto row = find(opened, name);
  if (!row) {
    throw Error(ExitCode::data,
                fmt::format("there is no mail {}; see: paymentctl messages list", name));
  }
  return *std::move(row);
}

ExitCode show_message(Session& session, const std::string& name) {
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
  const MessageRow row = wanted(opened, name);
  Json json = listed(row, box.archive_dir);
  json["fetched_at"] = utc_text(row.fetched_at);
  json["origin"] = name_of(row.origin);
  json["released"] = row.released;
  json["evidence"] = row.evidence.empty() ? Json(nullptr) : json_object(row.evidence);
  json["payments"] = Json::array();
  for (const PaymentRow& payment : payments_of_message(opened.ledger, opened.key, row.id)) {
    json["payments"].push_back(listed(payment, box.archive_dir));
  }
  json["journal"] =
      listed(journal_of(opened.ledger, opened.key, fmt::format("message:{}", row.id)));
  print_object(session.out, session.format(), json);
  return ExitCode::ok;
}

struct RetryArguments {
  std::vector<std::string> names;
  std::vector<std::string> states;
  std::string who;
};

ExitCode retry(Session& session, const RetryArguments& arguments) {
  if (arguments.names.empty() == arguments.states.empty()) {
    throw Error(ExitCode::usage, "name mails or give --state; see: paymentctl messages list");
  }
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::existing);
  std::vector<MessageRow> rows;
  for (const std::string& name : arguments.names) {
    rows.push_back(wanted(opened, name));
  }
  MessageFilter filter;
  for (const std::string& state : arguments.states) {
    filter.states.push_back(message_state(state).value());
  }
  for (bool more = !filter.states.empty(); more;) {
    auto page = list_messages(opened.ledger, opened.key, filter);
    more = page.size() == static_cast<std::size_t>(filter.limit);
    if (more) filter.after = page.back().id;
    for (MessageRow& row : page) rows.push_back(std::move(row));
  }
  const std::string who = arguments.who.empty() ? login_name() : arguments.who;
  opened.ledger.transaction([&] {
    for (const MessageRow& row : rows) {
      retry_message(opened.ledger, opened.key, row, who, session.clock.now());
    }
  });
  Printer printer(session.out, session.format(), message_columns);
  for (const MessageRow& row : rows) {
    const auto now = find_message(opened.ledger, opened.key, row.id);
    printer.row(listed(now.value(), box.archive_dir));
  }
  printer.finish("no such mails");
  return ExitCode::ok;
}

struct ReleaseArguments {
  std::vector<std::string> names;
  std::string why;
  std::string who;
};

ExitCode release(Session& session, const ReleaseArguments& arguments) {
  const Box box = session.box();
  BoxLedger opened = open_ledger(box, LedgerAccess::existing);
  const std::string who = arguments.who.empty() ? login_name() : arguments.who;
  std::vector<std::int64_t> released;
  opened.ledger.transaction([&] {
    released.clear();
    for (const std::string& name : arguments.names) {
      const MessageRow row = wanted(opened, name);
      release_message(opened.ledger, opened.key, row, who, arguments.why, session.clock.now());
      released.push_back(row.id);
    }
  });
  Printer printer(session.out, session.format(), message_columns);
  for (const std::int64_t id : released) {
    printer.row(listed(find_message(opened.ledger, opened.key, id).value(), box.archive_dir));
  }
  printer.finish("no such mails");
  return ExitCode::ok;
}

}  // namespace

void add_messages(CommandLine& line) {
  CLI::App& group = line.add_group("messages", "Mails that were fetched and what became of them");

  auto states = kept<std::vector<std::string>>();
  CLI::App& listing =
      line.add(group,
               {"list", "Lists mails with their state and the reason for it",
                "paymentctl messages list --state unrecognised"},
               [states](Session& session) { return list_messages(session, *states); });
  listing
      .add_option("--state", *states,
                  "Only these: fetched, posted, ignored, unrecognised, quarantined, duplicate, "
                  "failed")
      ->delimiter(',')
      ->check(CLI::IsMember(
          {"fetched", "posted", "ignored", "unrecognised", "quarantined", "duplicate", "failed"}));
  line.add_config(listing);
  line.add_format(listing);

  auto name = kept<std::string>();
  CLI::App& showing = line.add(group,
                               {"show", "Shows one mail, its payments and its history",
                                "paymentctl messages show 4 -c box.xml"},
                               [name](Session& session) { return show_message(session, *name); });
  showing.add_option("mail", *name, "Number of the mail as the list has it, or its SHA-256")
      ->required();
  line.add_config(showing);
  line.add_format(showing);

  auto again = kept<RetryArguments>();
  CLI::App& retrying =
      line.add(group,
               {"retry", "Has the next run judge mails again, after a bank format was corrected",
                "paymentctl messages retry 4 7 -c box.xml\n"
                "paymentctl messages retry --state failed,unrecognised -c box.xml"},
               [again](Session& session) { return retry(session, *again); });
  retrying.add_option("mails", again->names, "Numbers of mails as the list has them");
  retrying
      .add_option("--state", again->states,
                  "All in these states: failed, unrecognised, quarantined, ignored")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->check(CLI::IsMember({"failed", "unrecognised", "quarantined", "ignored"}));
  retrying.add_option("--who", again->who, "For the journal [the login name]")->type_name("NAME");
  line.add_config(retrying);
  line.add_format(retrying);

  auto vouched = kept<ReleaseArguments>();
  CLI::App& releasing =
      line.add(group,
               {"release", "Has the next run post quarantined mails for which a person vouches",
                "paymentctl messages release 4 --why \"confirmed by phone\" -c box.xml"},
               [vouched](Session& session) { return release(session, *vouched); });
  releasing.add_option("mails", vouched->names, "Numbers of mails as the list has them")
      ->required();
  releasing.add_option("--why", vouched->why, "For the journal")->required()->type_name("TEXT");
  releasing.add_option("--who", vouched->who, "For the journal [the login name]")
      ->type_name("NAME");
  line.add_config(releasing);
  line.add_format(releasing);
}

}  // namespace paymentctl::cli
