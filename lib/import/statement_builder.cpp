#include "import/statement_builder.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/error.hpp"
#include "model/names.hpp"
#include "model/visible.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_message = 4096;

std::optional<Currency> currency_of(const AccountNumber& account,
                                    const std::vector<OwnAccount>& own_accounts) {
  for (const OwnAccount& own : own_accounts) {
    if (own.account == account) return own.currency;
  }
  return std::nullopt;
}

/// The bank's code, also of a foreign IBAN of which nothing better is known.
std::string bank_of(const AccountNumber& account) {
  return std::string(account.is_iban() ? std::string_view(account.str()).substr(4, 4)
                                       : account.bank_code());
}

bool is_word(char c) {
  return ascii::is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

StatementBuilder::StatementBuilder(std::string_view file, StatementFormat format,
                                   const StatementSettings& settings, const MovementSink& sink)
    : file_(file), format_(format), settings_(settings), sink_(sink) {}

void StatementBuilder::begin(int line) {
  if (open_) refuse(line, "a statement begins before the one above has its closing balance");
  statements_.emplace_back();
  statements_.back().line = line;
  open_ = true;
  sum_ = Amount();
  first_.reset();
  last_.reset();
}

void StatementBuilder::account(const AccountNumber& account,
                               std::optional<Currency> stated_currency, int line) {
  if (settings_.account && *settings_.account != account) {
    refuse(line, fmt::format("the statement is one of account {}, not of {}", account.str(),
                             settings_.account->str()));
  }
  const auto known = currency_of(account, settings_.own_accounts);
  if (known && stated_currency && *known != *stated_currency) {
    refuse(line, fmt::format("the statement is in {}, and ownAccounts in box.xml has account {} in "
                             "{}; write {}:{} there if the file is right",
                             stated_currency->code(), account.str(), known->code(), account.str(),
                             stated_currency->code()));
  }
  statement().account = account;
  statement().currency = stated_currency ? *stated_currency : known.value_or(Currency::czk());
}

void StatementBuilder::add(StatementMovement movement) {
  BankStatement& current = statement();
  Payment& payment = movement.payment;
  if (payment.amount.is_zero()) refuse(movement.line, "the movement has an amount of zero");
  if (!payment.amount.is_payable()) {
    refuse_value(movement.line, "the amount", payment.amount.decimal(),
                 "one above 0, at most 999999999999.99");
  }
  if (payment.booked_on.days() > settings_.today.days() + std::chrono::days(1)) {
    refuse_value(movement.line, "the day of booking", payment.booked_on.iso(),
                 "a day that is not in the future");
  }
  payment.own_account = current.account;
  payment.bank = bank_of(*current.account);
  payment.currency = current.currency;
  payment.source.format = name_of(format_);
  payment.source.index = static_cast<int>(std::min<std::uint64_t>(current.movements, 1U << 30U));
  movement.statement = statements_.size() - 1;
  if (payment.bank_reference) {
    movement.identity = fmt::format("reference {} {} {} {}{}", *payment.bank_reference,
                                    payment.booked_on.iso(), name_of(payment.direction),
                                    payment.amount.decimal(), payment.reversal ? " reversal" : "");
  }
  ++current.movements;
  if (std::abs(sum_.minor()) > Amount::largest * 80) {
    refuse(movement.line, "the movements add up to more than any account holds");
  }
  sum_ += payment.direction == Direction::incoming ? payment.amount : -payment.amount;
  first_ = first_ ? std::min(*first_, payment.booked_on) : payment.booked_on;
  last_ = last_ ? std::max(*last_, payment.booked_on) : payment.booked_on;
  sink_(movement);
}

void StatementBuilder::end(Amount closing, std::optional<Date> from, std::optional<Date> to,
                           int line) {
  BankStatement& current = statement();
  const Amount reached = current.opening + sum_;
  if (reached != closing) {
    refuse(line, fmt::format("the statement does not add up: opening balance {} and {} movements "
                             "make {}, the closing balance is {}, a difference of {}; nothing of "
                             "the file is imported",
                             current.opening.decimal(), current.movements, reached.decimal(),
                             closing.decimal(), (closing - reached).decimal()));
  }
  // A day in the future, or an end before its beginning, says nothing about the period.
  if (to && (to->days() > settings_.today.days() + std::chrono::days(1) || (from && *to < *from))) {
    to.reset();
  }
  if (from && from->days() > settings_.today.days() + std::chrono::days(1)) from.reset();
  if (!from) from = first_ ? first_ : to;
  if (!to) to = last_ ? last_ : from;
  if (!from || !to) refuse(line, "the statement tells neither a period nor a movement");
  current.from = first_ ? std::min(*from, *first_) : *from;
  current.to = last_ ? std::max(*to, *last_) : *to;
  current.closing = closing;
  open_ = false;
}

std::vector<BankStatement> StatementBuilder::finish() {
  if (statements_.empty()) refuse(1, "the file holds no statement");
  if (open_) {
    refuse(statements_.back().line, "the statement has no end; is the file whole?");
  }
  return std::move(statements_);
}

void StatementBuilder::refuse(int line, std::string_view text) const {
  throw Error(ExitCode::data, fmt::format("{} line {}: {}", file_, line, text));
}

void StatementBuilder::refuse_value(int line, std::string_view what, std::string_view value,
                                    std::string_view wanted) const {
  refuse(line, fmt::format("{} is '{}', wanted {}", what, visible(value.substr(0, 60)), wanted));
}

std::optional<std::string> tidy(std::string_view text) {
  std::string line = one_line(text.substr(0, longest_message));
  if (line.empty()) return std::nullopt;
  return line;
}

void append_message(Payment& payment, std::string_view text) {
  const auto part = tidy(text);
  if (!part) return;
  if (!payment.message) {
    payment.message = *part;
  } else if (payment.message->size() < longest_message) {
    *payment.message += " " + *part;
  }
}

void take_symbol(std::optional<Symbol>& symbol, std::string_view text, Payment& payment) {
  const auto part = tidy(text);
  if (!part) return;
  const auto parsed = Symbol::parse(*part);
  if (!parsed) {
    if (part->find_first_not_of('0') != std::string::npos) append_message(payment, *part);
    return;
  }
  if (!symbol) symbol = parsed;
}

std::string take_named_symbols(std::string_view text, Payment& payment) {
  struct Named {
    std::string_view name;
    std::optional<Symbol> Payment::*symbol;
  };
  static constexpr std::array<Named, 3> names = {{{"VS", &Payment::variable_symbol},
                                                  {"KS", &Payment::constant_symbol},
                                                  {"SS", &Payment::specific_symbol}}};
  std::string left;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const auto named = i > 0 && is_word(text[i - 1])
                           ? names.end()
                           : std::find_if(names.begin(), names.end(), [&rest](const Named& each) {
                               return rest.starts_with(each.name);
                             });
    std::size_t at = 2;
    if (named != names.end() && at < rest.size() && rest[at] == ':') {
      at = std::min(rest.find_first_not_of(' ', at + 1), rest.size());
    }
    std::size_t end = at;
    while (named != names.end() && end < rest.size() && ascii::is_digit(rest[end])) ++end;
    const bool slashed = i > 0 && text[i - 1] == '/' && end == 2;
    if (named == names.end() || (end == at && !slashed) ||
        (end < rest.size() && is_word(rest[end]))) {
      left.push_back(text[i++]);
      continue;
    }
    if (!left.empty() && left.back() == '/') left.pop_back();
    if (!(payment.*(named->symbol))) {
      payment.*(named->symbol) = Symbol::parse(rest.substr(at, end - at));
    }
    i += end;
  }
  return left;
}

std::string with_dash(std::string_view digits) {
  if (digits.size() != 16 || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::string(digits);
  }
  return std::string(digits.substr(0, 6)) + "-" + std::string(digits.substr(6));
}

void take_counter_account(std::string_view text, std::string_view bank, Payment& payment) {
  const auto part = tidy(text);
  if (!part || part->find_first_not_of("0-/ ") == std::string::npos) return;
  const auto account = AccountNumber::parse(with_dash(*part), bank);
  if (account) {
    payment.counterparty.account = account;
  } else {
    append_message(payment, bank.empty() ? *part : *part + "/" + std::string(bank));
  }
}

PaymentKind kind_of_text(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    // Diacritics are left out: the words below are what remains of each spelling.
    if (static_cast<unsigned char>(c) >= 0x80) continue;
    folded.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  struct Word {
    std::string_view word;
    PaymentKind kind;
  };
  static constexpr std::array<Word, 12> words = {{{"kartou", PaymentKind::card},
                                                  {"karetn", PaymentKind::card},
                                                  {"debit card", PaymentKind::card},
                                                  {"poplatek", PaymentKind::fee},
                                                  {"poplatk", PaymentKind::fee},
                                                  {"rok z ", PaymentKind::interest},
                                                  {"psan rok", PaymentKind::interest},
                                                  {"psan urok", PaymentKind::interest},
                                                  {"psany urok", PaymentKind::interest},
                                                  {"vklad hotov", PaymentKind::cash},
                                                  {"vklad pokladn", PaymentKind::cash},
                                                  {"hotovosti", PaymentKind::cash}}};
  for (const Word& each : words) {
    if (folded.find(each.word) != std::string::npos) return each.kind;
  }
  return PaymentKind::transfer;
}

}  // namespace paymentctl
