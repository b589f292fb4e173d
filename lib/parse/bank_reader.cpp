#include "parse/bank_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "parse/ignore_rule.hpp"

namespace paymentctl {
namespace {

/// More blocks than any bank's digest has.
constexpr std::size_t most_blocks = 500;

/// What one format makes of the text.
struct Attempt {
  bool complete = false;
  std::size_t explained = 0;
  std::string doubt;
  std::vector<Payment> payments;
  std::vector<const IgnoreRule*> ignored;  ///< items to ignore
  bool own_transfer = false;
  std::string missing;  ///< text of the line that is not there
};

class FormatReader {
 public:
  FormatReader(const FoldedMail& mail, Region region, const Message& message, const Bank& bank,
               const Format& format, const ParseSettings& settings, Nearest nearest)
      : mail_(mail),
        region_(region),
        message_(message),
        format_(format),
        nearest_(nearest),
        context_{mail, bank, format, settings, message.date} {}

  Attempt read() {
    if (!format_.block) {
      Attempt attempt;
      read_item(region_, nullptr, attempt);
      return attempt;
    }
    return read_blocks();
  }

 private:
  /// One payment: the layout that explains most lines and makes a payment. `shared` are the values
  /// that stand outside the blocks.
  void read_item(Region region, const Reading* shared, Attempt& attempt) {
    std::vector<Reading> complete;
    std::size_t nearest = 0;
    std::string missing;
    const auto try_layouts = [&](bool promising) {
      for (const Layout& layout : format_.layouts) {
        if (may_apply(mail_, region, layout) != promising) continue;
        Reading reading = read_layout(mail_, region, layout);
        if (reading.complete()) {
          complete.push_back(std::move(reading));
        } else if (missing.empty() || reading.found.size() > nearest) {
          nearest = reading.found.size();
          missing = reading.missing->text;
        }
      }
    };
    try_layouts(true);
    // The others cannot be complete; they only tell how near they are.
    if (complete.empty() && (nearest_ == Nearest::wanted || shared != nullptr)) try_layouts(false);
    std::stable_sort(complete.begin(), complete.end(), [](const Reading& a, const Reading& b) {
      return a.found.size() > b.found.size();
    });
    for (Reading& reading : complete) {
      if (!reading.trouble.empty()) {
        finish(reading, Doubt{reading.trouble}, attempt);
        return;
      }
      if (shared != nullptr) take_shared(*shared, reading);
      Built built = build_payment(reading, context_);
      if (std::holds_alternative<NotAPayment>(built)) {
        missing = "an amount or a direction";
        nearest = std::max(nearest, reading.found.size());
        continue;
      }
      finish(reading, std::move(built), attempt);
      return;
    }
    attempt.complete = false;
    attempt.explained += nearest;
    attempt.missing = missing;
  }

  static void finish(const Reading& reading, Built built, Attempt& attempt) {
    attempt.complete = true;
    attempt.explained += reading.found.size();
    if (auto* payment = std::get_if<Payment>(&built)) {
      attempt.payments.push_back(std::move(*payment));
    } else if (auto* doubt = std::get_if<Doubt>(&built)) {
      if (attempt.doubt.empty()) attempt.doubt = doubt->reason;
    } else {
      attempt.own_transfer = true;
    }
  }

  static void take_shared(const Reading& shared, Reading& reading) {
    for (const Capture& capture : shared.captures) {
      const bool own =
          std::any_of(reading.captures.begin(), reading.captures.end(),
                      [&](const Capture& candidate) { return candidate.field == capture.field; });
      if (!own) reading.captures.push_back(capture);
    }
  }

  Attempt read_blocks() {
    Attempt attempt;
    const std::vector<Region> blocks = blocks_of(mail_, region_, *format_.block);
    if (blocks.empty()) {
      attempt.missing = "the beginning of an item";
      return attempt;
    }
    const Reading shared =
        read_layout(mail_, {region_.begin, blocks.front().begin}, *format_.shared);
    attempt.explained = shared.found.size();
    if (!shared.complete()) {
      attempt.missing = shared.missing->text;
      return attempt;
    }
    attempt.complete = true;
    attempt.doubt = shared.trouble;
    const Region head{region_.begin, blocks.front().begin};
    if (std::any_of(format_.layouts.begin(), format_.layouts.end(),
                    [&](const Layout& layout) { return holds_amount(mail_, head, layout); })) {
      attempt.doubt = "an amount stands before the first item";
    }
    if (blocks.size() > most_blocks) attempt.doubt = "the mail holds more than 500 items";
    for (std::size_t i = 0; i < blocks.size() && attempt.doubt.empty(); ++i) {
      if (const IgnoreRule* rule = ignored(blocks[i])) {
        attempt.ignored.push_back(rule);
        ++attempt.explained;
        continue;
      }
      Attempt item;
      read_item(blocks[i], &shared, item);
      attempt.explained += item.explained;
      attempt.own_transfer = attempt.own_transfer || item.own_transfer;
      std::move(item.payments.begin(), item.payments.end(), std::back_inserter(attempt.payments));
      const std::string which = fmt::format("item {} of {}: ", i + 1, blocks.size());
      if (!item.complete) {
        attempt.doubt = which + fmt::format("the line ‘{}’ is missing", item.missing);
      } else if (!item.doubt.empty()) {
        attempt.doubt = which + item.doubt;
      }
    }
    if (attempt.doubt.empty() && format_.block->balances_add_up) {
      attempt.doubt = broken_balances(attempt.payments);
    }
    return attempt;
  }

  /// A payer who writes an item into his message does not know the balances around it.
  static std::string broken_balances(const std::vector<Payment>& payments) {
    for (std::size_t i = 1; i < payments.size(); ++i) {
      const auto& before = payments[i - 1].balance;
      const auto& after = payments[i].balance;
      const bool incoming = payments[i].direction == Direction::incoming;
      const Amount change = incoming ? payments[i].amount : -payments[i].amount;
      if (before && after && *before + change == *after) continue;
      const auto shown = [](const std::optional<Amount>& balance) {
        return balance ? balance->decimal() : std::string("an unknown balance");
      };
      return fmt::format(
          "the balances do not add up: payment {} of {} is {}{} and turns {} into {}; somebody may "
          "have written a payment into a message",
          i + 1, payments.size(), incoming ? "+" : "", change.decimal(), shown(before),
          shown(after));
    }
    return {};
  }

  [[nodiscard]] const IgnoreRule* ignored(Region region) const {
    for (const IgnoreRule& rule : format_.block->ignores) {
      // Further down in the item a payer's message may say anything.
      if (rule.line) {
        const auto place = find_pattern(mail_.body, region, *rule.line);
        if (!place || place->begin != region.begin) continue;
      }
      if (applies(rule, mail_, region, message_) &&
          doubt_about(rule, mail_, region, context_.bank).empty()) {
        return &rule;
      }
    }
    return nullptr;
  }

  const FoldedMail& mail_;
  Region region_;
  const Message& message_;
  const Format& format_;
  const Nearest nearest_;
  BuildContext context_;
};

/// Among the reasons of ignored items the rule that stands first in the file decides.
Ignored first_reason(const Attempt& attempt, const Format& format) {
  const IgnoreRule* first = nullptr;
  for (const IgnoreRule* rule : attempt.ignored) {
    if (first == nullptr || rule < first) first = rule;
  }
  if (first == nullptr) return {"own transfer", format.facts.id};
  return {first->reason, first->id.empty() ? format.facts.id : first->id};
}

bool may_apply(const FoldedMail& mail, Region region, const Format& format) {
  return std::any_of(format.layouts.begin(), format.layouts.end(),
                     [&](const Layout& layout) { return may_apply(mail, region, layout); });
}

/// The format that comes nearest is told to whoever must look.
void note_miss(const Format& format, const Attempt& attempt, BankOutcome& outcome) {
  if (!outcome.reason.empty() && attempt.explained <= outcome.nearest) return;
  outcome.nearest = attempt.explained;
  outcome.reason =
      fmt::format("the nearest format is {}, which misses ‘{}’", format.facts.id, attempt.missing);
}

}  // namespace

std::vector<Region> blocks_of(const FoldedMail& mail, Region region, const Block& block) {
  const std::string& text = mail.body.text;
  std::vector<Region> all;
  std::size_t at = region.begin;
  while (at < region.end && all.size() <= most_blocks + 1) {
    const auto found = find_pattern(mail.body, {at, region.end}, block.begin);
    if (!found) break;
    all.push_back({found->begin, region.end});
    at = std::max(found->end, found->begin + 1);
  }
  // In a text with lines an item begins a line; only where none does, the text is flattened.
  std::vector<Region> starts;
  for (const Region& start : all) {
    if (start.begin == 0 || text[start.begin - 1] == '\n') starts.push_back(start);
  }
  if (starts.empty()) starts = all;
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) starts[i].end = starts[i + 1].begin;
  return starts;
}

BankOutcome read_bank(const FoldedMail& mail, Region region, const Message& message,
                      const Bank& bank, const ParseSettings& settings, Nearest nearest) {
  BankOutcome outcome;
  Attempt best;
  const Format* winner = nullptr;
  std::string doubted;  // an ignore rule that applies and is not believed
  std::vector<const Format*> hopeless;
  for (const Rule& rule : bank.rules) {
    if (rule.ignore) {
      if (winner != nullptr || !applies(*rule.ignore, mail, region, message)) continue;
      const std::string doubt = doubt_about(*rule.ignore, mail, region, bank);
      if (doubt.empty()) {
        outcome.kind = BankOutcome::Kind::ignored;
        outcome.ignored = {rule.ignore->reason, rule.ignore->id};
        outcome.explained = 1;
        return outcome;
      }
      if (doubted.empty()) {
        doubted = fmt::format(
            "it reads like a mail without a movement ({}), but {}, as in the notice of a payment",
            rule.ignore->reason, doubt);
      }
      continue;
    }
    const Format& format = *rule.format;
    if (!format.block && !may_apply(mail, region, format)) {
      hopeless.push_back(&format);
      continue;
    }
    Attempt attempt = FormatReader(mail, region, message, bank, format, settings, nearest).read();
    if (!attempt.complete) {
      note_miss(format, attempt, outcome);
    } else if (winner == nullptr || attempt.explained > best.explained) {
      best = std::move(attempt);
      winner = &format;
    }
  }
  if (winner == nullptr) {
    // Nobody has read it: how near did those come that could not?
    for (const Format* format : hopeless) {
      if (nearest == Nearest::unwanted) break;
      const Attempt attempt =
          FormatReader(mail, region, message, bank, *format, settings, nearest).read();
      note_miss(*format, attempt, outcome);
    }
    if (!doubted.empty()) {
      outcome.kind = BankOutcome::Kind::doubtful;
      outcome.explained = 1;
      outcome.reason = outcome.reason.empty() ? doubted : doubted + "; " + outcome.reason;
    }
    return outcome;
  }
  outcome.explained = best.explained;
  if (!best.doubt.empty()) {
    outcome.kind = BankOutcome::Kind::doubtful;
    outcome.reason = fmt::format("{}: {}", winner->facts.id, best.doubt);
  } else if (best.payments.empty()) {
    outcome.kind = BankOutcome::Kind::ignored;
    outcome.ignored = first_reason(best, *winner);
  } else {
    outcome.kind = BankOutcome::Kind::payments;
    outcome.payments = std::move(best.payments);
    int index = 0;
    for (Payment& payment : outcome.payments) {
      payment.source.index = index++;
      payment.source.count = static_cast<int>(outcome.payments.size());
    }
  }
  return outcome;
}

}  // namespace paymentctl
