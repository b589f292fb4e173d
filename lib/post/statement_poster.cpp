#include "post/statement_poster.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/status.hpp"
#include "platform/sha256.hpp"
#include "post/same_movement.hpp"

namespace paymentctl {
namespace {

bool waits(PaymentStatus status) {
  return status == PaymentStatus::unmatched || status == PaymentStatus::ambiguous;
}

/// Beyond doubt, so that no other movement of the statement can claim the notice.
bool is_sure(const MovementPair& pair, const Payment& payment) {
  if (pair.agreement == Agreement::reference) return true;
  return pair.agreement >= Agreement::counterparty &&
         pair.row.payment.booked_on == payment.booked_on;
}

}  // namespace

std::string name_of(const StatementRow& statement) {
  return fmt::format("statement {}{}of {} to {} on account {}", statement.number,
                     statement.number.empty() ? "" : " ", statement.from.iso(), statement.to.iso(),
                     statement.own_account->str());
}

StatementPoster::StatementPoster(Ledger& ledger, const PostSettings& settings,
                                 const StatementRow& statement)
    : ledger_(ledger),
      settings_(settings),
      statement_(statement),
      poster_(ledger, settings),
      preceding_(statements_that_precede(ledger, settings.box, statement)),
      may_repeat_(has_other_statements(ledger, settings.box, statement)),
      may_confirm_(has_unconfirmed(ledger, settings.box, statement)),
      overlaps_(overlaps_another_format(ledger, settings.box, statement)) {}

std::string StatementPoster::identity_of(const std::string& content, std::int64_t ordinal) const {
  return sha256(fmt::format("{} {} {} {}\n{}", settings_.box.company, statement_.own_account->str(),
                            statement_.currency.code(), ordinal, content))
      .substr(0, 32);
}

bool StatementPoster::is_repeated(const std::string& content, StatementLine& line) {
  std::int64_t& ordinal = ordinals_[sha256(content).substr(0, 32)];
  while (true) {
    line.identity = identity_of(content, ++ordinal);
    if (!may_repeat_) return false;
    const auto known = find_movement(ledger_, line.identity);
    if (!known) return false;
    // What a statement that ends where this one begins has told is another movement.
    const bool precedes =
        std::find(preceding_.begin(), preceding_.end(), known->statement) != preceding_.end();
    if (precedes) continue;
    line.identity.clear();
    add_statement_source(ledger_, known->payment, line, statement_.format, StatementRole::repeated);
    ++counts_.repeated;
    return true;
  }
}

std::optional<MovementPair> StatementPoster::pair_of(const Payment& payment, bool& any) {
  std::vector<PaymentRow> candidates;
  if (may_confirm_) {
    candidates = unconfirmed_payments(ledger_, settings_.box, statement_, payment, days_apart);
  }
  if (overlaps_) {
    for (PaymentRow& row :
         payments_in_other_formats(ledger_, settings_.box, statement_, payment, days_apart)) {
      candidates.push_back(std::move(row));
    }
  }
  any = !candidates.empty();
  return best_pair(settings_, payment, TellingSide::statement, std::move(candidates));
}

void StatementPoster::confirm(const MovementPair& pair, const Payment& payment,
                              const StatementLine& line) {
  const PaymentRow& row = pair.row;
  add_statement_source(ledger_, row.id, line, statement_.format, StatementRole::confirmed);
  if (row.told_by_statement) {
    complete_payment(ledger_, row.id, payment);
  } else {
    take_over_values(ledger_, row.id, payment);
  }
  JournalEntry entry;
  entry.at = settings_.now;
  entry.who = settings_.who;
  entry.subject = fmt::format("payment:{}", row.id);
  entry.what = fmt::format("confirmed by {}, movement {}", name_of(statement_), line.movement);
  add_journal(ledger_, settings_.box, entry);
  ++counts_.confirmed;
  if (waits(row.status)) {
    if (const auto completed = find_payment(ledger_, settings_.box, row.id)) {
      poster_.settle(*completed, false);
    }
  } else if (payment.reversal && row.status != PaymentStatus::ignored) {
    warnings_.push_back(
        fmt::format("payment {} settled documents, and {} says that it is a reversal; see: "
                    "paymentctl payments show {}",
                    row.id, name_of(statement_), row.id));
  }
}

StatementPoster::Recognised StatementPoster::recognise(const Payment& payment,
                                                       const std::string& content,
                                                       StatementLine& line) {
  if (is_repeated(content, line)) return Recognised::done;
  bool any = false;
  const auto pair = pair_of(payment, any);
  if (!any) return Recognised::fresh;
  if (!pair || !is_sure(*pair, payment)) return Recognised::possible;
  confirm(*pair, payment, line);
  return Recognised::done;
}

void StatementPoster::post(const Payment& payment, const StatementLine& line,
                           Recognised recognised) {
  bool any = false;
  if (recognised == Recognised::possible) {
    if (const auto pair = pair_of(payment, any)) {
      confirm(*pair, payment, line);
      return;
    }
  }
  poster_.post_new(payment, nullptr, [&](const PaymentOutcome& outcome) {
    return insert_statement_payment(ledger_, settings_.box, line, payment, outcome, settings_.now);
  });
  ++counts_.created;
}

}  // namespace paymentctl
