#include "parse/notice.hpp"

#include <algorithm>
#include <array>
#include <deque>

#include <fmt/format.h>

#include "model/error.hpp"
#include "parse/bank_reader.hpp"
#include "parse/catalog.hpp"
#include "parse/forward.hpp"

namespace paymentctl {
namespace {

/// Two texts of one mail (plain and HTML) must tell the same.
bool tell_the_same(const Payments& a, const Payments& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Payment& x, const Payment& y) {
    const auto differ = [](const auto& left, const auto& right) {
      return left && right && *left != *right;
    };
    return x.amount == y.amount && x.currency == y.currency && x.direction == y.direction &&
           x.booked_on == y.booked_on && !differ(x.own_account, y.own_account) &&
           !differ(x.counterparty.account, y.counterparty.account) &&
           !differ(x.variable_symbol, y.variable_symbol) &&
           !differ(x.specific_symbol, y.specific_symbol);
  });
}

BankOutcome doubtful(std::string reason) {
  BankOutcome outcome;
  outcome.kind = BankOutcome::Kind::doubtful;
  outcome.reason = std::move(reason);
  return outcome;
}

/// What two texts of one mail say together.
BankOutcome together(BankOutcome a, BankOutcome b) {
  using Kind = BankOutcome::Kind;
  if (a.kind == Kind::doubtful) return a;
  if (b.kind == Kind::doubtful) return b;
  if (a.kind == Kind::none) return b.kind == Kind::none && a.nearest >= b.nearest ? a : b;
  if (b.kind == Kind::none) return a;
  if (a.kind != b.kind) {
    return doubtful("one part of the mail tells of a payment, another of none");
  }
  if (a.kind == Kind::payments && !tell_the_same(a.payments, b.payments)) {
    return doubtful("the plain and the HTML part of the mail tell different payments");
  }
  return b.explained > a.explained ? b : a;
}

/// A text of the mail and the part of it that the bank has written.
struct BankText {
  BankText(std::string_view text, const Message& message, bool forwarded)
      : mail(text, message.subject),
        region(forwarded ? behind_forward_header(mail.body) : mail.body.all()) {}
  FoldedMail mail;
  Region region;
};

std::deque<BankText> texts_of(const Message& message, bool forwarded) {
  std::deque<BankText> texts;
  for (const Body& body : message.bodies) texts.emplace_back(body.text, message, forwarded);
  if (texts.empty()) texts.emplace_back("", message, forwarded);
  return texts;
}

/// What the bank's formats make of all texts of the mail.
BankOutcome read_texts(const std::deque<BankText>& texts, const Message& message, const Bank& bank,
                       const ParseSettings& settings, Nearest nearest) {
  BankOutcome outcome;
  bool first = true;
  for (const BankText& text : texts) {
    BankOutcome here = read_bank(text.mail, text.region, message, bank, settings, nearest);
    outcome = first ? std::move(here) : together(std::move(outcome), std::move(here));
    first = false;
  }
  return outcome;
}

Notice notice_of(BankOutcome outcome, const BankFacts& bank) {
  switch (outcome.kind) {
    case BankOutcome::Kind::payments:
      return std::move(outcome.payments);
    case BankOutcome::Kind::ignored:
      return std::move(outcome.ignored);
    case BankOutcome::Kind::doubtful:
      return Unrecognised{std::move(outcome.reason), bank.id};
    case BankOutcome::Kind::none:
      break;
  }
  std::string reason = fmt::format("a mail of {} that fits no known format", bank.name);
  if (!outcome.reason.empty()) reason += "; " + outcome.reason;
  return Unrecognised{std::move(reason), bank.id};
}

std::string shown_sender(const Message& message) {
  return message.from_address.empty() ? std::string("an unknown sender") : message.from_address;
}

/// Is the first payment one of an account that has the bank's own code?
bool is_at_home(const BankOutcome& outcome, const BankFacts& bank) {
  if (outcome.kind != BankOutcome::Kind::payments) return false;
  const auto& own = outcome.payments.front().own_account;
  return own && !own->is_iban() && own->bank_code() == bank.code;
}

/// Which bank's wording a mail of a strange sender has.
struct Guess {
  const Bank* bank = nullptr;
  BankOutcome outcome;
};

Guess guess_bank(const Message& message, const Catalog& catalog, const ParseSettings& settings) {
  Guess best;
  const std::deque<BankText> texts = texts_of(message, true);
  for (const std::string& id : catalog.bank_ids()) {
    const Bank* bank = catalog.compiled(id);
    BankOutcome outcome = read_texts(texts, message, *bank, settings, Nearest::unwanted);
    if (outcome.kind == BankOutcome::Kind::none) continue;
    // Where two banks share a wording, as after a merger, the account tells them apart.
    const bool better =
        best.bank == nullptr || outcome.explained > best.outcome.explained ||
        (outcome.explained == best.outcome.explained && is_at_home(outcome, bank->facts) &&
         !is_at_home(best.outcome, best.bank->facts));
    if (better) {
      best.bank = bank;
      best.outcome = std::move(outcome);
    }
  }
  return best;
}

bool is_trusted_forwarder(const std::string& address, const ParseSettings& settings) {
  const auto& trusted = settings.trusted_forwarders;
  return !address.empty() && std::find(trusted.begin(), trusted.end(), address) != trusted.end();
}

Notice read_from_stranger(const Message& message, const Catalog& catalog,
                          const ParseSettings& settings) {
  Guess guess = guess_bank(message, catalog, settings);
  if (guess.bank == nullptr) {
    return Unrecognised{fmt::format("the sender {} is no known bank, and no bank's format fits",
                                    shown_sender(message)),
                        ""};
  }
  if (is_trusted_forwarder(message.from_address, settings)) {
    return notice_of(std::move(guess.outcome), guess.bank->facts);
  }
  return Unrecognised{
      fmt::format("forwarded by {}: it reads like a notice of {}, but that is not its sender, so "
                  "it may be forged; if one of your own people forwards notices from that "
                  "address, list it in trustedForwarders",
                  shown_sender(message), guess.bank->facts.name),
      guess.bank->facts.id};
}

/// People of a bank write from its addresses too, and quote its notices. A subject that says only
/// "Fwd:" does not tell whether a person or a rule of the mailbox has forwarded it.
bool is_written_by_a_person(const Message& message) {
  static constexpr std::array<std::string_view, 3> prefixes = {"re:", "odp:", "odpoved:"};
  const std::string subject = fold_words(message.subject);
  return message.answers ||
         std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return subject.starts_with(prefix); });
}

Notice read(const Message& message, const Catalog& catalog, const ParseSettings& settings) {
  const std::string sender_bank = catalog.bank_of_sender(message.from_address);
  if (message.refused) return Unrecognised{*message.refused, sender_bank};
  if (message.bodies.empty() && message.attachments.empty()) {
    return Unrecognised{"the mail is empty", sender_bank};
  }
  const std::string& id = settings.bank.empty() ? sender_bank : settings.bank;
  if (id.empty()) return read_from_stranger(message, catalog, settings);
  const Bank* bank = catalog.compiled(id);
  if (bank == nullptr) {
    return Unrecognised{fmt::format("there is no bank {}; see paymentctl formats list", id), ""};
  }
  const bool direct = sender_bank == id;
  if (direct && is_written_by_a_person(message) &&
      !is_trusted_forwarder(message.from_address, settings)) {
    return Unrecognised{"a reply or a forward, not a notice of the bank", id};
  }
  const std::deque<BankText> texts = texts_of(message, !direct);
  return notice_of(read_texts(texts, message, *bank, settings, Nearest::wanted), bank->facts);
}

}  // namespace

Notice read_notice(const Message& message, const Catalog& catalog, const ParseSettings& settings) {
  try {
    return read(message, catalog, settings);
  } catch (const std::exception& error) {
    return Unrecognised{fmt::format("the mail cannot be read: {}", error.what()), ""};
  }
}

}  // namespace paymentctl
