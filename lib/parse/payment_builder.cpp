#include "parse/payment_builder.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "parse/values.hpp"

namespace paymentctl {
namespace {

/// One side of a movement as printed.
struct Side {
  bool there = false;
  ReadAccount read;
  std::string text;  ///< as printed
};

/// Leaves build_payment with a reason; caught in it.
struct Stop {
  Built outcome;
};

[[noreturn]] void doubt(std::string reason) { throw Stop{Doubt{std::move(reason)}}; }

class PaymentBuilder {
 public:
  PaymentBuilder(const Reading& reading, const BuildContext& context)
      : reading_(reading), context_(context) {}

  Payment build() {
    payment_.source.format = context_.format.facts.id;
    payment_.bank = context_.bank.facts.code;
    amount();
    own_ = side(Field::own_account);
    other_ = side(Field::counterparty_account);
    counterparty_from_pieces();
    const std::optional<Direction> direction = said_direction();
    const bool has_sides =
        find(Field::debited_account) != nullptr || find(Field::credited_account) != nullptr;
    if (!direction && !has_sides) throw Stop{NotAPayment{}};
    sides(direction);
    accounts();
    currency();
    dates();
    symbols();
    texts();
    kind();
    balance();
    return std::move(payment_);
  }

 private:
  // ---- access ----

  [[nodiscard]] std::string_view folded(const Capture& capture) const {
    const FoldedText& text = capture.in_subject ? context_.mail.subject : context_.mail.body;
    return text.view(capture.place.begin, capture.place.end);
  }

  [[nodiscard]] std::string printed(const Capture& capture) const {
    const FoldedText& text = capture.in_subject ? context_.mail.subject : context_.mail.body;
    return text.value(capture.place.begin, capture.place.end);
  }

  [[nodiscard]] const Capture* find(Field field) const {
    for (const Capture& capture : reading_.captures) {
      if (capture.field == field) return &capture;
    }
    return nullptr;
  }

  template <typename Use>
  void each(Field field, Use use) const {
    for (const Capture& capture : reading_.captures) {
      if (capture.field == field) use(capture);
    }
  }

  /// The first of the format's lines that has such a text.
  [[nodiscard]] std::optional<std::string> text(Field field) const {
    const Capture* best = nullptr;
    each(field, [&](const Capture& capture) {
      if (folded(capture).find_first_not_of(" \n") == std::string_view::npos) return;
      if (best == nullptr || capture.line < best->line) best = &capture;
    });
    if (best == nullptr) return std::nullopt;
    std::string value = printed(*best);
    if (value.empty()) return std::nullopt;
    return value;
  }

  // ---- money ----

  void amount() {
    bool any = false;
    each(Field::amount, [&](const Capture& capture) {
      const auto read = read_amount(folded(capture));
      if (const auto* fault = std::get_if<AmountFault>(&read)) {
        doubt(*fault == AmountFault::too_large
                  ? fmt::format("the amount {} is larger than 999999999999.99", printed(capture))
                  : fmt::format("the amount ‘{}’ cannot be read", printed(capture)));
      }
      const ReadAmount& value = std::get<ReadAmount>(read);
      if (any && value.amount != payment_.amount) {
        doubt(fmt::format("the mail states two different amounts, {} and {}",
                          payment_.amount.decimal(), value.amount.decimal()));
      }
      if (sign_ != 0 && value.sign != 0 && sign_ != value.sign) {
        doubt("the mail states the amount with both signs");
      }
      any = true;
      payment_.amount = value.amount;
      if (value.sign != 0) sign_ = value.sign;
    });
    if (!any) throw Stop{NotAPayment{}};
    if (payment_.amount.is_zero()) doubt("the amount is zero");
    if (!payment_.amount.is_payable()) doubt("the amount is larger than 999999999999.99");
  }

  void currency() {
    std::optional<Currency> found;
    each(Field::currency, [&](const Capture& capture) {
      const auto read = read_currency(folded(capture));
      if (!read) doubt(fmt::format("the currency ‘{}’ cannot be read", printed(capture)));
      if (found && *found != *read) {
        doubt(
            fmt::format("the mail states two currencies, {} and {}", found->code(), read->code()));
      }
      found = read;
    });
    if (!found && payment_.own_account) {
      for (const OwnAccount& own : context_.settings.own_accounts) {
        if (own.account == *payment_.own_account) found = own.currency;
      }
    }
    payment_.currency = found.value_or(Currency::czk());
  }

  void balance() {
    const Capture* first = nullptr;
    each(Field::balance, [&](const Capture& capture) {
      if (first == nullptr || capture.line < first->line) first = &capture;
    });
    if (first == nullptr) return;
    const auto read = read_amount(folded(*first));
    if (const auto* value = std::get_if<ReadAmount>(&read)) {
      payment_.balance = value->sign == '-' ? -value->amount : value->amount;
    }
  }

  // ---- accounts and direction ----

  [[nodiscard]] Side side(Field field) const {
    Side result;
    const Capture* capture = find(field);
    if (capture == nullptr) return result;
    result.there = true;
    result.text = printed(*capture);
    const std::string_view code =
        field == Field::own_account ? std::string_view(context_.bank.facts.code) : "";
    std::string_view digits = folded(*capture);
    std::string completed;
    if (capture->value != nullptr && !capture->value->completion.empty() &&
        field == Field::own_account) {
      completed = capture->value->completion;
      completed.replace(completed.find('#'), 1, digits);
      digits = completed;
    }
    result.read = read_account(digits, code);
    // Digits that the completion does not fit are a cut account, not a wrong one.
    if (!completed.empty()) result.read.rejected = false;
    // The code must not point into a text that ends here.
    result.read.code = code_in(result.read.code, folded(*capture));
    each(field, [&](const Capture& again) {
      const ReadAccount other = read_account(folded(again), code);
      if (&again != capture && other.account && result.read.account && completed.empty() &&
          *other.account != *result.read.account) {
        doubt(fmt::format("the mail states two accounts, {} and {}", result.text, printed(again)));
      }
    });
    return result;
  }

  static std::string_view code_in(std::string_view code, std::string_view held) {
    const std::size_t at = code.empty() ? std::string_view::npos : held.rfind(code);
    return at == std::string_view::npos ? std::string_view() : held.substr(at, code.size());
  }

  /// {counterparty_number} and {counterparty_code} make one account.
  void counterparty_from_pieces() {
    const Capture* number = find(Field::counterparty_number);
    if (number == nullptr) return;
    const Capture* code = find(Field::counterparty_code);
    other_.there = true;
    other_.text = printed(*number);
    if (code != nullptr && !other_.text.empty()) other_.text += "/" + printed(*code);
    other_.read = read_account(other_.text);
    other_.read.code = code == nullptr ? std::string_view() : folded(*code);
  }

  [[nodiscard]] std::optional<Direction> said_direction() const {
    std::optional<Direction> word;
    each(Field::direction, [&](const Capture& capture) {
      if (capture.choice < 0) return;
      const auto said = static_cast<Direction>(capture.choice);
      if (word && *word != said) doubt("the mail calls the payment both incoming and outgoing");
      word = said;
    });
    if (!word) {
      for (const Preset& preset : reading_.layout->presets) {
        if (preset.field == Field::direction) word = static_cast<Direction>(preset.value);
      }
    }
    std::optional<Direction> sign;
    if (sign_ != 0) sign = sign_ == '-' ? Direction::outgoing : Direction::incoming;
    if (context_.format.sign_first && sign) return sign;
    if (word && sign && *word != *sign) {
      doubt("the mail's words and the sign of its amount tell different directions");
    }
    if (word) return word;
    if (sign) return sign;
    return context_.format.unsigned_direction;
  }

  [[nodiscard]] bool listed(const Side& side) const {
    if (!side.read.account) return false;
    return std::any_of(context_.settings.own_accounts.begin(), context_.settings.own_accounts.end(),
                       [&](const OwnAccount& own) { return own.account == *side.read.account; });
  }

  [[nodiscard]] bool has_own_code(const Side& side) const {
    std::string_view code = side.read.code;
    if (side.read.account && !side.read.account->is_iban()) code = side.read.account->bank_code();
    const auto& codes = context_.bank.own_codes;
    return !code.empty() && std::find(codes.begin(), codes.end(), code) != codes.end();
  }

  /// No number at all: cash or a card stands on this side.
  static bool is_nobody(const Side& side) {
    return !side.read.account && !side.read.rejected && !side.read.masked;
  }

  [[nodiscard]] Direction compared(const Side& debited, const Side& credited) const {
    const bool debited_listed = listed(debited);
    const bool credited_listed = listed(credited);
    if (debited_listed && credited_listed) throw Stop{own_transfer()};
    if (is_nobody(debited) != is_nobody(credited)) {
      const Side& somebody = is_nobody(debited) ? credited : debited;
      if (has_own_code(somebody) || listed(somebody)) {
        return is_nobody(debited) ? Direction::incoming : Direction::outgoing;
      }
    }
    const bool debited_code = has_own_code(debited);
    const bool credited_code = has_own_code(credited);
    if (debited_code != credited_code) {
      if (debited_code ? credited_listed : debited_listed) throw Stop{own_transfer()};
      return debited_code ? Direction::outgoing : Direction::incoming;
    }
    if (debited_listed != credited_listed) {
      return debited_listed ? Direction::outgoing : Direction::incoming;
    }
    doubt(
        fmt::format("the direction cannot be decided: neither {} nor {} is a known own account; "
                    "add ours to ownAccounts",
                    shown(debited), shown(credited)));
  }

  static std::string shown(const Side& side) {
    if (side.read.account) return side.read.account->str();
    return side.text.empty() ? "an empty account" : side.text;
  }

  [[nodiscard]] Built own_transfer() const {
    return Ignored{"own transfer", context_.format.facts.id};
  }

  void sides(std::optional<Direction> direction) {
    if (find(Field::debited_account) != nullptr || find(Field::credited_account) != nullptr) {
      const Side debited = side(Field::debited_account);
      const Side credited = side(Field::credited_account);
      if (!direction) direction = compared(debited, credited);
      const bool outgoing = *direction == Direction::outgoing;
      own_ = outgoing ? debited : credited;
      other_ = outgoing ? credited : debited;
    }
    payment_.direction = *direction;
    unmask_own();
    if (listed(own_) && listed(other_)) throw Stop{own_transfer()};
  }

  /// A masked own account is the one of ours, at this bank, whose visible digits fit.
  void unmask_own() {
    if (!own_.read.masked) return;
    const OwnAccount* fitting = nullptr;
    for (const OwnAccount& own : context_.settings.own_accounts) {
      if (own.account.bank_code() != context_.bank.facts.code) continue;
      if (!fits_masked(own.account, own_.text)) continue;
      if (fitting != nullptr) return;
      fitting = &own;
    }
    if (fitting != nullptr) own_.read.account = fitting->account;
  }

  void accounts() {
    payment_.own_account = own_.read.account;
    payment_.counterparty.account = other_.read.account;
    payment_.counterparty.name = text(Field::counterparty_name);
  }

  // ---- the rest ----

  void dates() {
    std::optional<Date> date;
    each(Field::booked_on, [&](const Capture& capture) {
      const auto read = read_date(folded(capture));
      if (!read) {
        const bool lenient = capture.value != nullptr &&
                             capture.value->shape == ValuePattern::Shape::single &&
                             capture.value->may_be_empty;
        if (lenient) return;
        doubt(fmt::format("the date ‘{}’ does not exist", printed(capture)));
      }
      if (date && *date != *read) {
        doubt(fmt::format("the mail states two dates, {} and {}", date->iso(), read->iso()));
      }
      date = read;
    });
    if (!date) date = context_.mail_date;
    if (!date) doubt("neither the text nor the header of the mail states a date");
    payment_.booked_on = *date;
    if (const Capture* time = find(Field::booked_time)) {
      payment_.booked_time = read_time(folded(*time));
    }
  }

  [[nodiscard]] std::optional<Symbol> symbol(Field field) const {
    std::optional<Symbol> found;
    each(field, [&](const Capture& capture) {
      const auto read = Symbol::parse(folded(capture));
      if (read && found && *read != *found) {
        doubt(fmt::format("the mail states {} and {} for one symbol", found->str(), read->str()));
      }
      if (read) found = read;
    });
    return found;
  }

  void symbols() {
    payment_.variable_symbol = symbol(Field::variable_symbol);
    payment_.constant_symbol = symbol(Field::constant_symbol);
    payment_.specific_symbol = symbol(Field::specific_symbol);
  }

  void texts() {
    for (const Field field : {Field::message, Field::note, Field::merchant, Field::kind_text}) {
      if (!payment_.message) payment_.message = text(field);
    }
    for (const Side* bad : {&own_, &other_}) {
      if (!bad->read.rejected || bad->text.empty()) continue;
      payment_.message = payment_.message ? *payment_.message + " " + bad->text : bad->text;
    }
    payment_.bank_reference = text(Field::bank_reference);
  }

  void kind() {
    for (const Preset& preset : reading_.layout->presets) {
      if (preset.field == Field::kind) payment_.kind = static_cast<PaymentKind>(preset.value);
    }
    each(Field::kind, [&](const Capture& capture) {
      if (capture.choice >= 0) payment_.kind = static_cast<PaymentKind>(capture.choice);
    });
  }

  const Reading& reading_;
  const BuildContext& context_;
  Payment payment_;
  char sign_ = 0;
  Side own_;
  Side other_;
};

}  // namespace

Built build_payment(const Reading& reading, const BuildContext& context) {
  try {
    return PaymentBuilder(reading, context).build();
  } catch (Stop& stop) {
    return std::move(stop.outcome);
  }
}

}  // namespace paymentctl
