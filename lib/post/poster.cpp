#include "post/poster.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/allocations.hpp"
#include "ledger/statements.hpp"
#include "model/error.hpp"
#include "model/names.hpp"
#include "post/notification.hpp"
#include "post/same_movement.hpp"
#include "post/statement_pair.hpp"

namespace paymentctl {
namespace {

/// How long after a movement a bank may take it back.
constexpr int days_until_taken_back = 60;

/// The number of the pairing with which a new payment is written.
constexpr std::int64_t first_pairing = 1;

bool holds(const std::vector<std::string>& formats, const std::string& format) {
  return std::find(formats.begin(), formats.end(), format) != formats.end();
}

PaymentOutcome outcome_of(const MatchResult& match, bool deferred) {
  return {status_of(match.status), match.rule, match.unallocated, match.why,
          match.candidates,        0,          deferred,          !match.allocations.empty()};
}

bool is_weaker_than_symbol(const MatchResult& match) {
  return match.rule && *match.rule >= MatchRule::account_amount;
}

PostedPayment known(const PaymentRow& row) {
  PostedPayment posted;
  posted.payment_id = row.id;
  posted.payment = row.payment;
  posted.status = row.status;
  posted.duplicate_of = row.duplicate_of;
  for (const MatchStatus status : {MatchStatus::paid, MatchStatus::partially_paid,
                                   MatchStatus::overpaid, MatchStatus::ambiguous}) {
    if (status_of(status) == row.status) posted.match.status = status;
  }
  posted.match.rule = row.rule;
  posted.match.unallocated = row.unallocated;
  posted.match.candidates = row.candidates;
  posted.match.why = row.why;
  for (const PostedAllocation& allocation : row.allocations) {
    posted.match.allocations.push_back(allocation.allocation);
    posted.document_statuses.push_back(allocation.document_status);
  }
  return posted;
}

void require_whole(const MailToPost& mail) {
  for (std::size_t i = 0; i < mail.payments.size(); ++i) {
    const Source& source = mail.payments[i].payment.source;
    if (source.index != static_cast<int>(i) ||
        source.count != static_cast<int>(mail.payments.size())) {
      throw Error(ExitCode::data,
                  fmt::format("payment {} of {} stands where {} of {} belongs; all payments of a "
                              "mail are posted together or not at all",
                              source.index + 1, source.count, i + 1, mail.payments.size()));
    }
  }
}

bool is_same_sum(const Payment& one, const Payment& other) {
  return one.amount == other.amount && one.currency == other.currency &&
         one.direction == other.direction;
}

bool ends_without_payment(MessageState state) {
  return state == MessageState::ignored || state == MessageState::unrecognised ||
         state == MessageState::quarantined || state == MessageState::failed;
}

}  // namespace

Poster::Poster(Ledger& ledger, const PostSettings& settings)
    : ledger_(ledger),
      settings_(settings),
      documents_(document_finder(ledger, settings.box)),
      has_statements_(has_statements(ledger, settings.box)),
      has_other_boxes_(has_other_boxes(ledger, settings.box)) {}

void Poster::expect(const std::vector<MailToPost>& mails) {
  std::vector<std::int64_t> ids;
  std::vector<std::string> digests;
  std::vector<const Payment*> payments;
  for (const MailToPost& mail : mails) {
    if (mail.message != 0) {
      ids.push_back(mail.message);
    } else {
      digests.push_back(mail.sha256);
    }
    for (const PaymentToPost& payment : mail.payments) payments.push_back(&payment.payment);
  }
  expected_ = find_states(ledger_, settings_.box, ids, digests);
  expect_elsewhere(mails);
  expect_payments(ledger_, settings_.box, payments);
  documents_->expect(payments);
}

/// What was asked ahead holds for the first time only.
std::optional<std::pair<std::int64_t, MessageState>> Poster::state_of(const MailToPost& mail) {
  if (auto found = expected_.extract(mail.sha256)) return found.mapped();
  return find_state(ledger_, settings_.box, mail.sha256);
}

PostedMail Poster::post(const MailToPost& mail) {
  const auto found = state_of(mail);
  if (!found) {
    throw Error(ExitCode::data, "the ledger has not recorded this mail; fetch it first");
  }
  PostedMail posted;
  posted.sha256 = mail.sha256;
  const auto [message, state] = *found;
  posted.state = state;
  if (state != MessageState::fetched) {
    posted.already = true;
    for (const PaymentRow& row : payments_of_message(ledger_, settings_.box, message)) {
      posted.payments.push_back(known(row));
    }
    return posted;
  }
  const auto told = told_elsewhere(message, mail);
  posted.reason = doubt_about(message, mail, told);
  if (!posted.reason.empty()) {
    posted.state = MessageState::quarantined;
  } else if (mail.payments.empty()) {
    if (!ends_without_payment(mail.state)) {
      throw Error(ExitCode::software,
                  fmt::format("a mail without payments cannot become {}", name_of(mail.state)));
    }
    posted.state = mail.state;
  } else {
    require_whole(mail);
    for (std::size_t i = 0; i < mail.payments.size(); ++i) {
      posted.payments.push_back(post_payment(message, mail.payments[i], told[i]));
    }
    const bool all_told_before =
        std::all_of(posted.payments.begin(), posted.payments.end(),
                    [](const PostedPayment& payment) { return payment.duplicate_of != 0; });
    posted.state = all_told_before ? MessageState::duplicate : MessageState::posted;
    if (!mail.signed_text.empty()) {
      set_signed_text(ledger_, settings_.box, message, mail.signed_text);
    }
  }
  const std::string& format =
      mail.payments.empty() ? mail.format : mail.payments.front().payment.source.format;
  set_message_state(ledger_, settings_.box, message, posted.state,
                    posted.reason.empty() ? mail.reason : posted.reason, format, settings_.now);
  if (!mail.evidence.empty()) {
    set_evidence(ledger_, settings_.box, message, mail.evidence);
  }
  return posted;
}

/// Why a person has to look at a mail that may have told its payments before; else empty.
std::string Poster::doubt_about(std::int64_t message, const MailToPost& mail,
                                const std::vector<std::optional<PaymentRow>>& told) {
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (!told[i] || is_same_sum(told[i]->payment, mail.payments[i].payment)) continue;
    return fmt::format(
        "the same mail came to another box, and what is payment {} there is read otherwise here: "
        "{} {} {}",
        told[i]->id, name_of(mail.payments[i].payment.direction),
        mail.payments[i].payment.amount.decimal(), mail.payments[i].payment.currency.code());
  }
  const bool is_news = std::find(told.begin(), told.end(), std::nullopt) != told.end();
  if (!is_news) return {};
  if (!mail.signed_text.empty()) {
    if (const auto before = find_signed_text(ledger_, settings_.box, mail.signed_text)) {
      return fmt::format(
          "its sender signed the very text of mail {}, so it may be that one sent again", *before);
    }
  }
  for (const PaymentToPost& payment : mail.payments) {
    const auto before = repeated_on_another_day(payment.payment);
    if (!before || is_released(message)) continue;
    return fmt::format(
        "payment {} of {} had the same balance after it, and this mail does not say of which day "
        "it tells, so it may be that one told again",
        before->id, before->payment.booked_on.iso());
  }
  return {};
}

std::optional<PaymentRow> Poster::repeated_on_another_day(const Payment& payment) {
  const TwinFacts facts = facts_of(payment);
  if (facts.states_date && facts.twins.empty()) return std::nullopt;
  for (PaymentRow& similar : equal_on_other_days(ledger_, settings_.box, payment, days_apart)) {
    const Payment& other = similar.payment;
    if (other.source.sha256 != payment.source.sha256 &&
        may_be_repeated(payment, facts, other, facts_of(other))) {
      return std::move(similar);
    }
  }
  return std::nullopt;
}

bool Poster::is_released(std::int64_t message) {
  const auto row = find_message(ledger_, settings_.box, message);
  return row && row->released;
}

void Poster::expect_elsewhere(const std::vector<MailToPost>& mails) {
  if (!has_other_boxes_) return;
  std::vector<std::int64_t> ids;
  for (const MailToPost& mail : mails) {
    const auto found = expected_.find(mail.sha256);
    if (found == expected_.end() || mail.payments.empty()) continue;
    const auto [message, state] = found->second;
    if (state == MessageState::fetched) ids.push_back(message);
  }
  for (auto& [message, payments] : told_in_other_boxes(ledger_, settings_.box, ids)) {
    elsewhere_[message] = std::move(payments);
  }
  // Also of those that came to no other box.
  for (const std::int64_t message : ids) elsewhere_[message];
}

/// Of each payment the one of the same mail that came to another box of the company, too.
std::vector<std::optional<PaymentRow>> Poster::told_elsewhere(std::int64_t message,
                                                              const MailToPost& mail) {
  std::vector<std::optional<PaymentRow>> told(mail.payments.size());
  if (!has_other_boxes_ || told.empty()) return told;
  auto found = elsewhere_.extract(message);
  const auto payments = found ? std::move(found.mapped())
                              : told_in_other_boxes(ledger_, settings_.box, {message})[message];
  for (const auto& [position, payment] : payments) {
    const auto place = static_cast<std::size_t>(position);
    if (place < told.size()) told[place] = find_payment(ledger_, settings_.box, payment);
  }
  return told;
}

PostedPayment Poster::post_payment(std::int64_t message, const PaymentToPost& to_post,
                                   const std::optional<PaymentRow>& told) {
  const Payment& payment = to_post.payment;
  if (const auto original = told ? told : original_of(payment)) {
    PaymentOutcome outcome;
    outcome.status = PaymentStatus::duplicate;
    outcome.unallocated = payment.amount;
    outcome.duplicate_of = original->id;
    outcome.why = fmt::format("the same movement as payment {}, told again", original->id);

    PostedPayment posted;
    posted.payment = payment;
    posted.status = PaymentStatus::duplicate;
    posted.match.unallocated = payment.amount;
    posted.match.why = outcome.why;
    posted.duplicate_of = original->id;
    posted.payment_id =
        insert_payment(ledger_, settings_.box, message, payment, outcome, settings_.now);

    complete_payment(ledger_, original->id, payment);
    mark_told_by_notice(ledger_, original->id);
    const bool waits = original->status == PaymentStatus::unmatched ||
                       original->status == PaymentStatus::ambiguous;
    if (waits && !original->payment.variable_symbol && payment.variable_symbol) {
      if (const auto completed = find_payment(ledger_, settings_.box, original->id)) {
        settle(*completed, true);
      }
    }
    return posted;
  }
  return post_new(
      payment, to_post.match ? &*to_post.match : nullptr, [&](const PaymentOutcome& outcome) {
        return insert_payment(ledger_, settings_.box, message, payment, outcome, settings_.now);
      });
}

PostedPayment Poster::post_new(const Payment& payment, const MatchResult* given,
                               const Insert& insert) {
  const bool defers = waits_for_twin(payment);
  MatchResult match = decide(payment, given, defers);
  const std::int64_t id = insert(outcome_of(match, defers));
  return apply(id, payment, std::move(match), first_pairing);
}

PostedPayment Poster::settle(const PaymentRow& row, bool may_defer) {
  const bool defers = may_defer && waits_for_twin(row.payment);
  MatchResult match = without_forbidden(row.id, decide(row.payment, nullptr, defers));
  // Most of what waits goes on waiting for the same reason.
  const bool as_before = !defers && match.allocations.empty() && match.candidates.empty() &&
                         row.candidates.empty() && row.status == status_of(match.status) &&
                         row.why == match.why;
  if (as_before) {
    mark_tried(ledger_, settings_.box, row.id);
  } else {
    update_outcome(ledger_, settings_.box, row.id, outcome_of(match, defers));
  }
  const std::int64_t pairing = match.allocations.empty() ? 0 : count_pairing(ledger_, row.id);
  return apply(row.id, row.payment, std::move(match), pairing);
}

TwinFacts Poster::facts_of(const Payment& payment) const {
  return settings_.format_facts ? settings_.format_facts(payment.source.format) : TwinFacts{};
}

bool Poster::waits_for_twin(const Payment& payment) const {
  return settings_.defer_weaker_rules && !payment.variable_symbol &&
         !facts_of(payment).twins.empty();
}

/// A statement that covers the notice's day told of the movement before. Each notice has its own;
/// one in a twin format may tell again what the first one told.
std::optional<PaymentRow> Poster::told_by_statement(const Payment& payment,
                                                    const TwinFacts& facts) {
  if (!has_statements_) return std::nullopt;
  std::vector<PaymentRow> free;
  for (PaymentRow& told : payments_of_statements(ledger_, settings_.box, payment, days_apart)) {
    const std::vector<std::string> formats = formats_of_notices(ledger_, told.id);
    const bool all_twins =
        std::all_of(formats.begin(), formats.end(), [&](const std::string& format) {
          return format != payment.source.format && holds(facts.twins, format);
        });
    if (all_twins) free.push_back(std::move(told));
  }
  auto pair = best_pair(settings_, payment, TellingSide::notice, std::move(free));
  if (!pair) return std::nullopt;
  return std::move(pair->row);
}

std::optional<PaymentRow> Poster::original_of(const Payment& payment) {
  const TwinFacts facts = facts_of(payment);
  if (auto told = told_by_statement(payment, facts)) return told;
  // Without any of these nothing can say that two payments are one.
  if (facts.twins.empty() && !payment.bank_reference && !payment.balance) return std::nullopt;
  std::optional<PaymentRow> twin;
  for (PaymentRow& similar : similar_payments(ledger_, settings_.box, payment, days_apart)) {
    const Payment& other = similar.payment;
    if (other.source.sha256 == payment.source.sha256) continue;
    const Telling telling = compare_movements(payment, facts, other, facts_of(other));
    if (telling == Telling::same) return std::move(similar);
    if (telling != Telling::same_by_twins || twin) continue;
    // Pairs are one to one: two notices of one format are two movements.
    if (holds(formats_of_notices(ledger_, similar.id), payment.source.format)) continue;
    twin = std::move(similar);
  }
  return twin;
}

std::optional<std::vector<DocumentRow>> Poster::documents_of(const MatchResult& match) {
  std::vector<DocumentRow> rows;
  for (const Allocation& allocation : match.allocations) {
    if (const DocumentRow* known = documents_->answered(allocation.document)) {
      rows.push_back(*known);
      continue;
    }
    auto row = find_document(ledger_, settings_.box, allocation.document);
    if (!row) return std::nullopt;
    rows.push_back(*std::move(row));
  }
  return rows;
}

/// What the bank takes back settles nothing; the payment that it takes back is named.
MatchResult Poster::taken_back(const Payment& payment) {
  MatchResult match;
  match.unallocated = payment.amount;
  match.why = "the bank takes an earlier movement back (a reversal), which settles nothing";
  Payment opposite = payment;
  opposite.direction =
      payment.direction == Direction::incoming ? Direction::outgoing : Direction::incoming;
  opposite.reversal = false;
  opposite.bank_reference.reset();  // what is taken back has one of its own
  std::vector<std::int64_t> ids;
  for (const PaymentRow& similar :
       similar_payments(ledger_, settings_.box, opposite, days_until_taken_back)) {
    const Payment& other = similar.payment;
    if (other.reversal || other.booked_on > payment.booked_on ||
        agreement(opposite, other, TwinFacts{}) < Agreement::counterparty) {
      continue;
    }
    ids.push_back(similar.id);
  }
  if (ids.size() == 1) {
    match.why += fmt::format("; it seems to be payment {}", ids.front());
    if (const auto row = find_payment(ledger_, settings_.box, ids.front())) {
      for (const PostedAllocation& posted : row->allocations) {
        match.why += fmt::format("{} {}", match.candidates.empty() ? ", which settled" : ",",
                                 posted.allocation.document.number);
        match.candidates.push_back(posted.allocation.document);
      }
    }
    if (!match.candidates.empty()) match.why += "; unassign it there if so";
  }
  return match;
}

MatchResult Poster::decide(const Payment& payment, const MatchResult* given, bool defers) {
  documents_->forget_answered();
  if (payment.reversal) return taken_back(payment);
  const MatchSettings rules{settings_.tolerance, defers};
  if (given != nullptr && !given->allocations.empty() &&
      !(defers && is_weaker_than_symbol(*given))) {
    if (const auto rows = documents_of(*given)) {
      std::vector<Document> documents;
      for (const DocumentRow& row : *rows) documents.push_back(row.document);
      if (still_holds(*given, payment, documents, rules)) return *given;
    }
  }
  return match_payment(payment, *documents_, rules);
}

/// What a person took off a payment is not put back by a rule.
MatchResult Poster::without_forbidden(std::int64_t payment, MatchResult match) {
  const auto rows = documents_of(match);
  if (!rows) return match;
  for (const DocumentRow& row : *rows) {
    if (!is_forbidden_match(ledger_, payment, row)) continue;
    MatchResult left;
    for (const Allocation& allocation : match.allocations) {
      left.candidates.push_back(allocation.document);
      left.unallocated += allocation.amount;
    }
    left.unallocated += match.unallocated;
    left.why =
        fmt::format("{}, but a person took {} off this payment", match.why, row.document.number);
    return left;
  }
  return match;
}

PostedPayment Poster::apply(std::int64_t id, const Payment& payment, MatchResult match,
                            std::int64_t pairing) {
  PostedPayment posted;
  posted.payment_id = id;
  posted.payment = payment;
  posted.status = status_of(match.status);
  posted.match = std::move(match);
  if (posted.match.allocations.empty()) return posted;

  Settlement settlement{id, payment, posted.match, {}};
  const auto rows = documents_of(posted.match);
  if (!rows) throw Error(ExitCode::software, "a document vanished while it was being settled");
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const Amount part = posted.match.allocations[i].amount;
    settlement.documents.push_back(
        allocate(ledger_, id, pairing, static_cast<int>(i), (*rows)[i], part, settings_.tolerance));
    posted.document_statuses.push_back(settlement.documents.back().status);
    documents_->changed(settlement.documents.back());
  }
  write_notification(ledger_, settings_, settings_.box, settlement, pairing);
  return posted;
}

}  // namespace paymentctl
