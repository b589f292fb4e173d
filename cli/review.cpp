#include <fmt/format.h>

#include "commands.hpp"
#include "decisions.hpp"
#include "ledger/documents.hpp"
#include "ledger/payments.hpp"
#include "model/names.hpp"
#include "model/visible.hpp"
#include "payment_text.hpp"
#include "platform/answers.hpp"
#include "run/box_session.hpp"
#include "run/suggestions.hpp"

namespace paymentctl::cli {
namespace {

constexpr std::size_t most_suggestions = 9;  // a key each

constexpr std::string_view help =
    "  1-9  settle that document by this payment\n"
    "  d    name a document: its number, or NUMBER=AMOUNT\n"
    "  s    skip: it keeps waiting\n"
    "  i    ignore it: it belongs to no document; asks why\n"
    "  u    undo the last decision\n"
    "  q    quit (so does Ctrl-C); what was decided stays\n";

/// What can be taken back.
struct Decided {
  std::int64_t payment = 0;
  std::optional<DocumentName> document;  ///< absent: it was ignored
};

/// One waiting payment after the other, a decision each, every one a transaction of its own.
class Review {
 public:
  Review(Session& session, const DecisionOptions& options)
      : session_(session), box_(session.box(), LedgerAccess::existing, session.clock, {}) {
    settings_ = box_.post_settings(true);
    settings_.who = decider(options);
  }

  ExitCode run() {
    for (bool goes_on = true; goes_on;) {
      const auto row = next_waiting();
      if (row) show(*row);
      goes_on = row ? decide(*row) : !decided_.empty() && takes_back();
    }
    const auto left = count_waiting();
    say(fmt::format("\n{} decided; {} {} for a person\n", decided_.size(), left,
                    left == 1 ? "payment waits" : "payments wait"));
    return ExitCode::ok;
  }

 private:
  void say(std::string_view text) {
    session_.out.write(text);
    session_.out.flush();
  }

  [[nodiscard]] PaymentFilter waiting() const {
    PaymentFilter filter;
    filter.statuses = {PaymentStatus::unmatched, PaymentStatus::ambiguous};
    return filter;
  }

  std::optional<PaymentRow> next_waiting() {
    PaymentFilter filter = waiting();
    filter.after = after_;
    filter.limit = 1;
    auto rows = list_payments(box_.ledger, box_.key, filter);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  }

  std::size_t count_waiting() {
    std::size_t count = 0;
    each_payment(box_.ledger, box_.key, waiting(), [&](const PaymentRow&) { ++count; });
    return count;
  }

  void show(const PaymentRow& row) {
    Json json = payment_object(box_.ledger, box_.key, box_.box.archive_dir, row);
    json["candidates"] = Json::array();
    say("\n" + payment_text(json));
    suggestions_ = suggestions_for(box_.ledger, box_.key, row, most_suggestions);
    std::size_t number = 0;
    for (const Suggestion& each : suggestions_) {
      const Document& document = each.document;
      ++number;
      say(fmt::format("  {} {} {}{}: owes {} of {} {}{}{}\n",
                      each.possible ? fmt::format("[{}]", number) : " - ", name_of(document.kind),
                      visible(document.number),
                      document.partner.name ? ", " + visible(*document.partner.name) : "",
                      document.outstanding.decimal(), document.amount.decimal(),
                      document.currency.code(),
                      document.due_on ? ", due " + document.due_on->iso() : "",
                      each.why.empty() ? "" : " – " + each.why));
    }
    if (suggestions_.empty()) say("  no document suggests itself\n");
  }

  /// Until the payment is decided or skipped; false to quit.
  bool decide(const PaymentRow& row) {
    while (true) {
      if (answers_.from_terminal()) say("[1-9] [d]ocument [s]kip [i]gnore [u]ndo [q]uit [?] ");
      const auto answer = answers_.next();
      if (!answer && !answers_.from_terminal() && !answered_) {
        throw Error(ExitCode::usage,
                    "review asks a question for each payment: run it on a terminal, or pipe one "
                    "answer a line; to look only: paymentctl payments list --status "
                    "unmatched,ambiguous");
      }
      answered_ = true;
      if (answers_.from_terminal()) say("\n");
      if (!answer || answer->key == 'q') return false;
      try {
        if (take(row, *answer)) return true;
      } catch (const Error& error) {
        if (error.code() != ExitCode::data) throw;
        say(fmt::format("  not done: {}\n", visible(error.what())));
      }
    }
  }

  /// Behind the last payment; false to quit.
  bool takes_back() {
    while (true) {
      if (answers_.from_terminal()) say("\nno more payments: [u]ndo [q]uit ");
      const auto answer = answers_.next();
      if (answers_.from_terminal()) say("\n");
      if (!answer || answer->key == 'q') return false;
      if (answer->key == 'u') return undo();
      say("  there is no payment left for that; u or q\n");
    }
  }

  /// Whether to go on with the next payment.
  bool take(const PaymentRow& row, const Answer& answer) {
    if (answer.key >= '1' && answer.key <= '9') {
      return assign_suggested(row, static_cast<std::size_t>(answer.key - '1'));
    }
    switch (answer.key) {
      case 'd':
        return assign_named(row, asked("document: ", answer));
      case 's':
        after_ = row.id;
        return true;
      case 'i':
        return ignore(row, asked("why: ", answer));
      case 'u':
        return undo();
      case '?':
        say(std::string(help));
        return false;
      case '\0':
      case '\r':
      case '\n':
        return false;
      default:
        say("  no such answer; ? tells which there are\n");
        return false;
    }
  }

  std::string asked(std::string_view question, const Answer& answer) {
    if (!answers_.from_terminal()) return answer.rest;
    say(question);
    return answers_.line().value_or("");
  }

  bool assign_suggested(const PaymentRow& row, std::size_t index) {
    if (index >= suggestions_.size() || !suggestions_[index].possible) {
      say("  there is no document with that number\n");
      return false;
    }
    const Document& document = suggestions_[index].document;
    DocumentName name;
    name.number = document.number;
    name.kind = document.kind;
    if (is_received(document.kind)) {
      name.partner = document.partner.id.value_or(document.partner.name.value_or(""));
    }
    return assign(row, {name, std::nullopt});
  }

  bool assign_named(const PaymentRow& row, const std::string& text) {
    if (text.empty()) {
      say("  no document was named\n");
      return false;
    }
    return assign(row, share_of({}, text));
  }

  bool assign(const PaymentRow& row, const Share& share) {
    const PaymentRow after = assign_payment(box_.ledger, settings_, row.id, {share}, "");
    decided_.push_back({row.id, share.document});
    after_ = row.id;
    const PostedAllocation& posted = after.allocations.back();
    const bool is_rest = !after.unallocated.is_zero();
    say(fmt::format(
        "  payment {} settles {} by {} {}, which is {}{}\n", row.id, visible(share.document.number),
        posted.allocation.amount.decimal(), row.payment.currency.code(),
        name_of(posted.document_status),
        is_rest ? fmt::format("; {} stays unallocated", after.unallocated.decimal()) : ""));
    return true;
  }

  bool ignore(const PaymentRow& row, const std::string& why) {
    if (why.empty()) {
      say("  not ignored: say why, for the journal\n");
      return false;
    }
    ignore_payment(box_.ledger, settings_, row.id, why);
    decided_.push_back({row.id, std::nullopt});
    after_ = row.id;
    say(fmt::format("  payment {} is ignored\n", row.id));
    return true;
  }

  bool undo() {
    if (decided_.empty()) {
      say("  nothing was decided yet\n");
      return false;
    }
    const Decided last = decided_.back();
    unassign_payment(box_.ledger, settings_, last.payment, last.document, "undone in review");
    decided_.pop_back();
    after_ = last.payment - 1;
    say(fmt::format("  payment {} waits again\n", last.payment));
    return true;
  }

  Session& session_;
  BoxSession box_;
  PostSettings settings_;
  Answers answers_;
  std::vector<Decided> decided_;
  std::vector<Suggestion> suggestions_;
  std::int64_t after_ = 0;
  bool answered_ = false;
};

}  // namespace

void add_review(CommandLine& line) {
  auto options = kept<DecisionOptions>();
  CLI::App& command = line.add(
      line.app(),
      {"review", "Goes through the payments that wait for a person, one key a decision",
       "paymentctl review -c box.xml\n  printf '1\\ni bank fee\\ns\\n' | paymentctl review"},
      [options](Session& session) { return Review(session, *options).run(); });
  command.add_option("--who", options->who, "For the journal [the login name]")->type_name("NAME");
  line.add_config(command);
}

}  // namespace paymentctl::cli
