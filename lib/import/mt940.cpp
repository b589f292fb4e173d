// MT940 as Czech banks write it: fields ":61:" and so on at the beginning of a line, what belongs
// to a movement in sub-fields "?20" of ":86:", the symbols in its text.
#include <fmt/format.h>

#include "import/statement_readers.hpp"
#include "mail/charset.hpp"
#include "model/ascii.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_field = 1U << 16U;
constexpr std::size_t full_subfield = 27;  // a text that fills it goes on in the next one

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

unsigned two_digits(std::string_view text, std::size_t at) {
  return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0'));
}

/// YYMMDD; the years 50 to 99 are of the last century.
std::optional<Date> swift_date(std::string_view text) {
  if (text.size() < 6 || !ascii::digits_only(text.substr(0, 6))) return std::nullopt;
  const int year = static_cast<int>(two_digits(text, 0));
  return Date::from(year < 50 ? 2000 + year : 1900 + year, two_digits(text, 2),
                    two_digits(text, 4));
}

/// MMDD near another day: around New Year it is of the next or the last year.
std::optional<Date> day_near(std::string_view text, Date other) {
  const std::chrono::year_month_day near(other.days());
  const int month = static_cast<int>(two_digits(text, 0));
  const int apart = month - static_cast<int>(static_cast<unsigned>(near.month()));
  const int year = static_cast<int>(near.year()) + (apart > 6 ? -1 : apart < -6 ? 1 : 0);
  return Date::from(year, two_digits(text, 0), two_digits(text, 2));
}

/// "1500,", "1500,5", "1500,00".
std::optional<Amount> swift_amount(std::string_view text) {
  std::string decimal(text);
  const auto comma = decimal.find(',');
  if (comma == std::string::npos) return std::nullopt;
  decimal[comma] = '.';
  if (comma + 1 == decimal.size()) decimal.pop_back();
  return Amount::from_decimal(decimal);
}

struct Field {
  std::string tag;  ///< "61", "60F"
  int line = 0;
  std::vector<std::string> lines;  ///< as bytes
};

class Mt940Reader {
 public:
  Mt940Reader(ByteReader& bytes, StatementBuilder& builder) : bytes_(bytes), builder_(builder) {}

  void read() {
    std::string text;
    bytes_.skip_mark();
    bool first = true;
    for (int number = bytes_.line(); next_line(bytes_, text, builder_); number = bytes_.line()) {
      // Its code page is told by the bank's name alone.
      if (first) sporitelna_ = text.starts_with("GIBACZPX");
      take_line(text, number, first);
      first = false;
    }
    take_field();
    end_movement();
  }

 private:
  void take_line(std::string_view text, int number, bool first) {
    // The block of a SWIFT envelope around the fields.
    if (const auto block = text.find("{4:"); block != std::string_view::npos) {
      text.remove_prefix(block + 3);
      if (text.empty()) return;
    }
    const auto end = text.starts_with(':') ? text.find(':', 1) : std::string_view::npos;
    if (end != std::string_view::npos && (end == 3 || end == 4) && ascii::is_digit(text[1]) &&
        ascii::is_digit(text[2])) {
      take_field();
      field_.emplace();
      field_->tag = text.substr(1, end - 1);
      field_->line = number;
      field_->lines.emplace_back(text.substr(end + 1));
      size_ = text.size();
      return;
    }
    if (text.starts_with("-}") || text == "-" || text.starts_with("{") || text == "\x1a") {
      take_field();
      return;
    }
    if (!field_) {
      if (first || text.find_first_not_of(" \t\x01\x03") == std::string_view::npos) return;
      builder_.refuse_value(number, "the line", decoded(text), "a field such as :61:");
    }
    size_ += text.size();
    if (size_ > longest_field) builder_.refuse(number, "the field is longer than 64 KiB");
    field_->lines.emplace_back(text);
  }

  void take_field() {
    if (!field_) return;
    const Field field = *std::move(field_);
    field_.reset();
    const std::string& tag = field.tag;
    if (tag != "86") end_movement();
    if (tag == "20") {
      if (builder_.is_open()) {
        builder_.refuse(field.line,
                        "a statement begins before the one above has its closing "
                        "balance (:62F:)");
      }
      builder_.begin(field.line);
      opened_ = false;
    } else if (tag == "61" || tag == "86" || tag == "25" || tag == "28C" || tag == "28" ||
               tag == "60F" || tag == "60M" || tag == "62F" || tag == "62M") {
      // ":86:" behind the closing balance is about the statement as a whole.
      if (!builder_.is_open()) {
        if (tag == "86") return;
        builder_.refuse_value(field.line, "the field", ":" + tag + ":", ":20: before all others");
      }
      take_part(field);
    }
  }

  void take_part(const Field& field) {
    const std::string& tag = field.tag;
    if (tag == "25") {
      find_account(field);
    } else if (tag.starts_with("28")) {
      builder_.statement().number = tidy(field.lines.front()).value_or("");
    } else if (tag.starts_with("60")) {
      open(field);
    } else if (tag.starts_with("62")) {
      close(field);
    } else if (tag == "61") {
      if (!opened_) builder_.refuse(field.line, "a movement stands before the opening balance");
      begin_movement(field);
    } else if (movement_) {
      describe(field);
    }
  }

  /// "0800/000019-2000145399", "19-2000145399/0800", an IBAN, each perhaps with a currency behind,
  /// or a number alone that one of ownAccounts has.
  void find_account(const Field& field) {
    std::string text = tidy(field.lines.front()).value_or("");
    account_text_ = text;
    account_line_ = field.line;
    if (text.size() > 3 && is_capital(text.back()) && is_capital(text[text.size() - 2]) &&
        is_capital(text[text.size() - 3]) && ascii::is_digit(text[text.size() - 4])) {
      text.resize(text.size() - 3);
    }
    const auto slash = text.find('/');
    const std::string left = text.substr(0, slash);
    const std::string right = slash == std::string::npos ? "" : text.substr(slash + 1);
    account_.reset();
    if (left.size() == 4 && ascii::digits_only(left)) {
      account_ = AccountNumber::parse(with_dash(right), left);
    } else if (right.size() == 4 && ascii::digits_only(right)) {
      account_ = AccountNumber::parse(with_dash(left), right);
    }
    for (const std::string& part : {left, right}) {
      if (!account_) account_ = AccountNumber::parse(part);
    }
    const std::string& number = right.empty() ? left : right;
    for (const OwnAccount& own : builder_.settings().own_accounts) {
      if (account_) break;
      if (AccountNumber::parse(with_dash(number), own.account.bank_code()) == own.account) {
        account_ = own.account;
      }
    }
    if (!account_) {
      builder_.refuse_value(field.line, "the account", decoded(account_text_),
                            "one whose check digits hold, with its bank or in ownAccounts");
    }
  }

  /// "C260301CZK1000,00"
  struct Balance {
    Date day;
    Currency currency = Currency::czk();
    Amount amount;
  };
  Balance balance(const Field& field) {
    const std::string_view text = field.lines.front();
    const auto date = text.size() > 10 ? swift_date(text.substr(1)) : std::nullopt;
    const auto currency = date ? Currency::from_code(text.substr(7, 3)) : std::nullopt;
    const auto amount = currency ? swift_amount(trimmed(text.substr(10))) : std::nullopt;
    if (!amount || (text[0] != 'C' && text[0] != 'D')) {
      builder_.refuse_value(field.line, "the balance", decoded(text), "one as C260301CZK1000,00");
    }
    return {*date, *currency, text[0] == 'D' ? -*amount : *amount};
  }

  void open(const Field& field) {
    if (opened_) builder_.refuse(field.line, "the statement has two opening balances");
    if (!account_) builder_.refuse(field.line, "the balance stands before the account (:25:)");
    const Balance opening = balance(field);
    builder_.account(*account_, opening.currency, account_line_);
    builder_.statement().opening = opening.amount;
    from_ = opening.day;
    opened_ = true;
  }

  void close(const Field& field) {
    if (!opened_) builder_.refuse(field.line, "the statement has no opening balance (:60F:)");
    const Balance closing = balance(field);
    if (closing.currency != builder_.statement().currency) {
      builder_.refuse_value(field.line, "the currency of the closing balance",
                            closing.currency.code(), builder_.statement().currency.code());
    }
    builder_.end(closing.amount, from_, closing.day, field.line);
    account_.reset();
  }

  void begin_movement(const Field& field) {
    const std::string_view text = field.lines.front();
    movement_.emplace();
    movement_->line = field.line;
    Payment& payment = movement_->payment;
    std::size_t at = 6;
    const auto value_day = swift_date(text);
    if (!value_day) refuse_movement(field);
    payment.booked_on = *value_day;
    if (text.size() > at + 4 && ascii::digits_only(text.substr(at, 4))) {
      const auto booked = day_near(text.substr(at, 4), *value_day);
      if (!booked) refuse_movement(field);
      payment.booked_on = *booked;
      at += 4;
    }
    at = take_mark(field, at);
    const auto end = std::min(text.find_first_not_of("0123456789,", at), text.size());
    const auto amount = swift_amount(text.substr(at, end - at));
    if (!amount) refuse_movement(field);
    payment.amount = *amount;
    if (const auto reference = text.find("//", end); reference != std::string_view::npos) {
      const auto bank = tidy(decoded(text.substr(reference + 2)));
      if (bank && *bank != "NONREF") payment.bank_reference = bank;
    }
    identify(field);
    for (std::size_t i = 1; i < field.lines.size(); ++i)
      supplement_ += decoded(field.lines[i]) + " ";
  }

  /// C and D, with R in front what takes back a credit or a debit, then perhaps the third letter of
  /// the currency.
  std::size_t take_mark(const Field& field, std::size_t at) {
    const std::string_view text = field.lines.front();
    Payment& payment = movement_->payment;
    if (at < text.size() && text[at] == 'R') {
      payment.reversal = true;
      ++at;
    }
    if (at >= text.size() || (text[at] != 'C' && text[at] != 'D')) refuse_movement(field);
    const bool credit = (text[at] == 'C') != payment.reversal;
    payment.direction = credit ? Direction::incoming : Direction::outgoing;
    ++at;
    return at < text.size() && is_capital(text[at]) ? at + 1 : at;
  }

  [[noreturn]] void refuse_movement(const Field& field) const {
    builder_.refuse_value(field.line, "the movement", decoded(field.lines.front()),
                          "one as 2603020302C1500,00NTRF");
  }

  void describe(const Field& field) {
    identify(field);
    const std::string& first = field.lines.front();
    const auto mark = first.find('?');
    const bool structured = mark != std::string::npos && mark <= 4 && first.size() > mark + 2 &&
                            ascii::is_digit(first[mark + 1]) && ascii::is_digit(first[mark + 2]);
    if (structured) {
      subfields(field);
      return;
    }
    std::string text;
    for (const std::string& line : field.lines) text += decoded(line) + " ";
    append_message(movement_->payment, take_named_symbols(text, movement_->payment));
  }

  void subfields(const Field& field) {
    std::string all;
    for (const std::string& line : field.lines) all += line;
    Payment& payment = movement_->payment;
    std::string text;
    std::string bank;
    std::string account;
    std::string name;
    std::size_t before = 0;
    std::size_t at = all.find('?');
    while (at != std::string::npos && at + 2 < all.size()) {
      // A question mark of the text is none of ours.
      std::size_t end = at + 1;
      do {
        end = all.find('?', end + 1);
      } while (end != std::string::npos &&
               !(end + 2 < all.size() && ascii::is_digit(all[end + 1]) &&
                 ascii::is_digit(all[end + 2])));
      const std::string raw = all.substr(at + 3, end == std::string::npos ? end : end - at - 3);
      const std::string value = decoded(raw);
      const unsigned code = two_digits(all, at + 1);
      if (code == 0) {
        kind_ += value;
      } else if ((code >= 20 && code <= 29) || (code >= 60 && code <= 63)) {
        if (before < full_subfield) text += ' ';
        // A symbol's name without a number says nothing.
        if (value != "VS" && value != "KS" && value != "SS") text += value;
        before = raw.size();
      } else if (code == 30) {
        bank = value;
      } else if (code == 31 || (code == 38 && account.empty())) {
        account = value;
      } else if (code == 32 || code == 33) {
        name += value;
      }
      at = end;
    }
    payment.counterparty.name = tidy(name);
    const std::string code = tidy(bank).value_or("");
    append_message(payment, take_named_symbols(text, payment));
    take_counter_account(account, ascii::digits_only(code) ? code : "", payment);
  }

  void end_movement() {
    if (!movement_) return;
    Payment& payment = movement_->payment;
    append_message(payment, take_named_symbols(supplement_, payment));
    if (!payment.counterparty.account) payment.kind = kind_of_text(kind_);
    supplement_.clear();
    kind_.clear();
    builder_.add(*std::move(movement_));
    movement_.reset();
  }

  void identify(const Field& field) {
    for (const std::string& line : field.lines) {
      movement_->identity += encode_windows_1250(line) + "\n";
    }
  }

  [[nodiscard]] std::string decoded(std::string_view bytes) const {
    if (ascii_prefix(bytes) == bytes.size()) return std::string(bytes);
    if (sporitelna_) return decode_charset(std::string(bytes), "cp852");
    return decode_charset(std::string(bytes), is_utf8(bytes) ? "utf-8" : "iso-8859-2");
  }

  static std::string_view trimmed(std::string_view text) {
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  ByteReader& bytes_;
  StatementBuilder& builder_;
  bool sporitelna_ = false;
  std::optional<Field> field_;
  std::size_t size_ = 0;  ///< of the field
  std::string account_text_;
  int account_line_ = 0;
  std::optional<AccountNumber> account_;
  bool opened_ = false;
  std::optional<Date> from_;
  std::optional<StatementMovement> movement_;
  std::string supplement_;
  std::string kind_;
};

}  // namespace

void read_mt940(std::istream& input, StatementBuilder& builder) {
  ByteReader bytes(input);
  Mt940Reader(bytes, builder).read();
}

}  // namespace paymentctl
