#include "post/by_hand.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "ledger/allocations.hpp"
#include "ledger/partners.hpp"
#include "ledger/posting.hpp"
#include "ledger/status.hpp"
#include "model/error.hpp"
#include "model/names.hpp"
#include "post/named_document.hpp"
#include "post/notification.hpp"

namespace paymentctl {
namespace {

template <typename... Values>
[[noreturn]] void refuse(fmt::format_string<Values...> text, Values&&... values) {
  throw Error(ExitCode::data, fmt::format(text, std::forward<Values>(values)...));
}

PaymentRow payment_of(Ledger& ledger, const PostSettings& settings, std::int64_t id) {
  auto row = find_payment(ledger, settings.box, id);
  if (!row) refuse("there is no payment {}; see: paymentctl payments list", id);
  if (row->status == PaymentStatus::duplicate) {
    refuse("payment {} tells again what payment {} tells; decide about that one", id,
           row->duplicate_of);
  }
  if (row->status == PaymentStatus::superseded) {
    refuse("payment {} was taken over by a statement; decide about the statement's", id);
  }
  return *std::move(row);
}

std::string money(Amount amount, Currency currency) {
  return amount.decimal() + " " + std::string(currency.code());
}

void keep(Ledger& ledger, const PostSettings& settings, std::string subject, std::string what,
          const std::string& why) {
  JournalEntry entry;
  entry.at = settings.now;
  entry.who = settings.who;
  entry.subject = std::move(subject);
  entry.what = std::move(what);
  entry.why = why;
  add_journal(ledger, settings.box, entry);
}

std::string payment_subject(std::int64_t id) { return fmt::format("payment:{}", id); }

/// What a payment with these allocations is.
MatchStatus status_for(const std::vector<AllocationRow>& allocations, Amount unallocated,
                       Amount tolerance) {
  if (allocations.empty()) return MatchStatus::unmatched;
  const bool all_paid =
      std::all_of(allocations.begin(), allocations.end(), [](const AllocationRow& row) {
        return row.document.document.status == DocumentStatus::paid;
      });
  if (!all_paid) return MatchStatus::partially_paid;
  return unallocated <= tolerance ? MatchStatus::paid : MatchStatus::overpaid;
}

Amount part_for(const PaymentRow& row, const Document& document, const Share& share, Amount rest) {
  if (document.currency != row.payment.currency) {
    refuse("{} is in {} and payment {} in {}; nobody has agreed a rate", document.number,
           document.currency.code(), row.id, row.payment.currency.code());
  }
  if (document.outstanding.is_zero()) {
    refuse("{} is {} and owes nothing", document.number, name_of(document.status));
  }
  const Amount part = share.amount.value_or(std::min(rest, document.outstanding));
  if (part > document.outstanding) {
    refuse("{} owes {}, so {} cannot be assigned to it", document.number,
           money(document.outstanding, document.currency), part.decimal());
  }
  if (part > rest || rest.is_zero()) {
    refuse("only {} of payment {} is left, which is not enough for {}",
           money(rest, row.payment.currency), row.id, document.number);
  }
  if (!part.is_payable()) refuse("{} is not an amount above 0", part.decimal());
  return part;
}

/// Tells of the allocations that one notification is to tell.
void tell(Ledger& ledger, const PostSettings& settings, BoxKey box, const PaymentRow& row,
          std::int64_t pairing, Amount unallocated) {
  Settlement settlement;
  settlement.payment_id = row.id;
  settlement.payment = row.payment;
  std::vector<AllocationRow> told = allocations_of(ledger, row.id);
  std::erase_if(told, [pairing](const AllocationRow& each) { return each.pairing != pairing; });
  if (told.empty()) return;
  for (const AllocationRow& each : told) {
    settlement.match.allocations.push_back({ref_of(each.document.document), each.amount});
    settlement.documents.push_back(each.document.document);
  }
  settlement.match.status = status_for(told, unallocated, settings.tolerance);
  settlement.match.unallocated = unallocated;
  write_notification(ledger, settings, box, settlement, pairing);
}

/// Notifications after `taken` came off: what was not sent is withdrawn and, where something of it
/// is still true, told anew; what was sent is corrected.
void correct(Ledger& ledger, const PostSettings& settings, const PaymentRow& row,
             const std::map<std::int64_t, Correction>& taken, Amount unallocated) {
  for (const auto& [pairing, correction] : taken) {
    const auto entry = outbox_of_company(ledger, settings.box, cause_of_pairing(row.id, pairing));
    if (!entry) continue;
    if (entry->state == OutboxState::waiting) {
      withdraw_outbox(ledger, entry->box, entry->id, settings.now);
      const std::int64_t anew = count_pairing(ledger, row.id);
      renumber_pairing(ledger, row.id, pairing, anew);
      tell(ledger, settings, entry->box, row, anew, unallocated);
    } else if (entry->state == OutboxState::sent) {
      write_correction(ledger, settings, entry->box, correction, count_pairing(ledger, row.id));
    }
  }
}

PaymentRow assign(Ledger& ledger, const PostSettings& settings, std::int64_t id,
                  const std::vector<Share>& shares, const std::string& why) {
  const PaymentRow row = payment_of(ledger, settings, id);
  std::vector<AllocationRow> before = allocations_of(ledger, id);
  int position = before.empty() ? 0 : before.back().position + 1;
  const std::int64_t pairing = count_pairing(ledger, id);
  Amount rest = row.unallocated;
  std::string what;
  for (const Share& share : shares) {
    const DocumentRow found = named_document(ledger, settings.box, share.document, &row.payment);
    const Document& document = found.document;
    for (const AllocationRow& each : allocations_of(ledger, id)) {
      if (each.document.id == found.id) {
        refuse(
            "payment {} settles {} already; take it off first, with: paymentctl payments "
            "unassign {} {}",
            id, document.number, id, document.number);
      }
    }
    const Amount part = part_for(row, document, share, rest);
    allocate(ledger, id, pairing, position++, found, part, settings.tolerance);
    rest -= part;
    allow_match(ledger, id, found.id);
    if (row.payment.counterparty.account) {
      learn_account(ledger, settings.box, *row.payment.counterparty.account, document.partner.key(),
                    settings.now);
    }
    const std::string share_text = money(part, document.currency);
    what += fmt::format("{}{} to {} {}", what.empty() ? "assigned " : ", ", share_text,
                        name_of(document.kind), document.number);
    keep(ledger, settings, journal_subject(document),
         fmt::format("{} of payment {} assigned", share_text, id), why);
  }
  raise_revision(ledger, settings.box);
  PaymentOutcome outcome;
  outcome.status = status_of(status_for(allocations_of(ledger, id), rest, settings.tolerance));
  outcome.unallocated = rest;
  outcome.why = fmt::format("assigned by {}{}", settings.who, why.empty() ? "" : ": " + why);
  update_outcome(ledger, settings.box, id, outcome);
  keep(ledger, settings, payment_subject(id), what, why);
  tell(ledger, settings, settings.box, row, pairing, rest);
  return payment_of(ledger, settings, id);
}

/// Which allocations a person means to take off.
std::vector<AllocationRow> meant(Ledger& ledger, const PaymentRow& row,
                                 const std::optional<DocumentName>& name) {
  std::vector<AllocationRow> taken = allocations_of(ledger, row.id);
  if (taken.empty()) {
    refuse("payment {} is {} and settles nothing", row.id, name_of(row.status));
  }
  if (!name) return taken;
  std::erase_if(taken, [&](const AllocationRow& each) {
    const Document& document = each.document.document;
    const Partner& partner = document.partner;
    return document.number != name->number || (name->kind && document.kind != *name->kind) ||
           (!name->partner.empty() && partner.id != name->partner && partner.name != name->partner);
  });
  if (taken.empty()) refuse("payment {} does not settle {}", row.id, name->number);
  if (taken.size() > 1) {
    refuse("payment {} settles several documents {}; choose one with --kind or --partner", row.id,
           name->number);
  }
  return taken;
}

PaymentRow unassign(Ledger& ledger, const PostSettings& settings, std::int64_t id,
                    const std::optional<DocumentName>& name, const std::string& why) {
  const PaymentRow row = payment_of(ledger, settings, id);
  PaymentOutcome outcome;
  outcome.unallocated = row.unallocated;
  outcome.why = fmt::format("taken off by {}{}", settings.who, why.empty() ? "" : ": " + why);
  raise_revision(ledger, settings.box);
  if (row.status == PaymentStatus::ignored) {
    outcome.why = fmt::format("no longer ignored, by {}", settings.who);
    // Nobody has said what it is not, so the rules may look at it.
    outcome.deferred = true;
    update_outcome(ledger, settings.box, id, outcome);
    keep(ledger, settings, payment_subject(id), "no longer ignored", why);
    return payment_of(ledger, settings, id);
  }
  std::map<std::int64_t, Correction> corrections;
  std::string what;
  for (const AllocationRow& each : meant(ledger, row, name)) {
    const Document after = release(ledger, id, each);
    forbid_match(ledger, id, each.document.id);
    if (row.payment.counterparty.account && !row.rule) {
      unlearn_account(ledger, settings.box, *row.payment.counterparty.account, after.partner.key());
    }
    outcome.unallocated += each.amount;
    outcome.candidates.push_back(ref_of(after));
    Correction& correction = corrections[each.pairing];
    correction.payment_id = id;
    correction.payment = row.payment;
    correction.documents.push_back(after);
    correction.taken_off.push_back(each.amount);
    const std::string part = money(each.amount, after.currency);
    what += fmt::format("{}{} off {} {}", what.empty() ? "took " : ", ", part, name_of(after.kind),
                        after.number);
    keep(ledger, settings, journal_subject(after),
         fmt::format("{} of payment {} taken off", part, id), why);
  }
  const std::vector<AllocationRow> left = allocations_of(ledger, id);
  outcome.status = status_of(status_for(left, outcome.unallocated, settings.tolerance));
  if (!left.empty()) {
    outcome.rule = row.rule;
    outcome.why = fmt::format("{}; {}", row.why, outcome.why);
  }
  update_outcome(ledger, settings.box, id, outcome);
  keep(ledger, settings, payment_subject(id), what, why);
  correct(ledger, settings, row, corrections, outcome.unallocated);
  return payment_of(ledger, settings, id);
}

}  // namespace

std::string journal_subject(const Document& document) {
  const DocumentRef name = ref_of(document);
  return fmt::format("document:{}:{}{}", name_of(name.kind), name.number,
                     name.partner.empty() ? "" : ":" + name.partner);
}

PaymentRow assign_payment(Ledger& ledger, const PostSettings& settings, std::int64_t payment,
                          const std::vector<Share>& shares, const std::string& why) {
  if (shares.empty()) throw Error(ExitCode::usage, "name at least one document");
  PaymentRow after;
  ledger.transaction([&] { after = assign(ledger, settings, payment, shares, why); });
  return after;
}

PaymentRow unassign_payment(Ledger& ledger, const PostSettings& settings, std::int64_t payment,
                            const std::optional<DocumentName>& document, const std::string& why) {
  PaymentRow after;
  ledger.transaction([&] { after = unassign(ledger, settings, payment, document, why); });
  return after;
}

PaymentRow ignore_payment(Ledger& ledger, const PostSettings& settings, std::int64_t payment,
                          const std::string& why) {
  PaymentRow after;
  ledger.transaction([&] {
    const PaymentRow row = payment_of(ledger, settings, payment);
    if (row.status != PaymentStatus::unmatched && row.status != PaymentStatus::ambiguous) {
      refuse("payment {} is {}; only one that is unmatched or ambiguous can be ignored", payment,
             name_of(row.status));
    }
    PaymentOutcome outcome;
    outcome.status = PaymentStatus::ignored;
    outcome.unallocated = row.unallocated;
    outcome.why = fmt::format("ignored by {}: {}", settings.who, why);
    update_outcome(ledger, settings.box, payment, outcome);
    keep(ledger, settings, payment_subject(payment), "ignored", why);
    after = payment_of(ledger, settings, payment);
  });
  return after;
}

DocumentRow cancel_document(Ledger& ledger, const PostSettings& settings, const DocumentName& name,
                            const std::string& why) {
  DocumentRow after;
  ledger.transaction([&] {
    after = named_document(ledger, settings.box, name, nullptr);
    if (after.document.status == DocumentStatus::cancelled) {
      refuse("{} is cancelled already", after.document.number);
    }
    after.document = cancel(ledger, after);
    raise_revision(ledger, settings.box);
    keep(ledger, settings, journal_subject(after.document), "cancelled", why);
  });
  return after;
}

}  // namespace paymentctl
