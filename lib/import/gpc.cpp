// ABO/GPC: fixed columns of bytes, as the clearing centre's record layout has them since the
// nineties and the banks still export it. Columns are cut first and decoded afterwards.
#include <array>

#include <fmt/format.h>

#include "import/statement_readers.hpp"
#include "mail/charset.hpp"
#include "model/ascii.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

constexpr std::string_view ceska_sporitelna = "0800";
constexpr std::string_view fio = "2010";

/// Where the columns of a line are. A file that somebody turned into UTF-8 has its columns by
/// characters.
class Columns {
 public:
  explicit Columns(std::string_view line) : line_(line) {
    if (ascii_prefix(line) == line.size() || !is_utf8(line)) return;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if ((static_cast<unsigned char>(line[i]) & 0xC0U) != 0x80U) starts_.push_back(i);
    }
    starts_.push_back(line.size());
  }

  /// Columns counted from 1; those behind the line's end are not there.
  [[nodiscard]] std::string_view cut(std::size_t first, std::size_t last) const {
    const std::size_t from = offset(first - 1);
    return line_.substr(from, offset(last) - from);
  }
  [[nodiscard]] std::string text(std::size_t first, std::size_t last) const {
    return decode_charset(std::string(cut(first, last)),
                          starts_.empty() ? "windows-1250" : "utf-8");
  }
  [[nodiscard]] std::size_t size() const {
    return starts_.empty() ? line_.size() : starts_.size() - 1;
  }

 private:
  [[nodiscard]] std::size_t offset(std::size_t column) const {
    if (starts_.empty()) return std::min(column, line_.size());
    return starts_[std::min(column, starts_.size() - 1)];
  }

  std::string_view line_;
  std::vector<std::size_t> starts_;
};

/// DDMMYY; the years 50 to 99 are of the last century.
std::optional<Date> short_date(std::string_view text) {
  if (text.size() != 6 || !ascii::digits_only(text)) return std::nullopt;
  const auto number = [&text](std::size_t at) {
    return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0'));
  };
  const int year = static_cast<int>(number(4));
  return Date::from(year < 50 ? 2000 + year : 1900 + year, number(2), number(0));
}

/// Six digits of prefix and ten of number; in the banks' internal order the number comes first,
/// with its digits mixed: the tenth, eighth, ninth, sixth, first to fifth, seventh.
std::string in_plain_order(std::string_view digits) {
  static constexpr std::array<std::size_t, 10> places = {4, 5, 6, 7, 8, 3, 9, 1, 2, 0};
  std::string plain(digits.substr(10, 6));
  for (const std::size_t place : places) plain.push_back(digits[place]);
  return plain;
}

std::optional<AccountNumber> account_of(std::string_view plain, std::string_view bank) {
  return AccountNumber::parse(std::string(plain.substr(0, 6)) + "-" + std::string(plain.substr(6)),
                              bank);
}

/// Without a bank the check digits alone are asked.
bool passes(std::string_view plain) {
  return passes_modulo_11(plain.substr(0, 6)) && passes_modulo_11(plain.substr(6)) &&
         plain.substr(6).find_first_not_of('0') != std::string_view::npos;
}

class GpcReader {
 public:
  GpcReader(ByteReader& bytes, StatementBuilder& builder) : bytes_(bytes), builder_(builder) {}

  void read() {
    std::string text;
    bytes_.skip_mark();
    line_ = bytes_.line();
    while (next_line(bytes_, text, builder_)) {
      record(text);
      line_ = bytes_.line();
    }
    end_statement();
  }

 private:
  void record(std::string_view text) {
    // The end-of-file sign of old systems.
    while (!text.empty() && (text.back() == '\x1a' || text.back() == '\0')) text.remove_suffix(1);
    if (text.find_first_not_of(" \t") == std::string_view::npos) return;
    const Columns columns(text);
    const std::string_view type = columns.cut(1, 3);
    if (type == "074") {
      end_statement();
      header(columns);
    } else if (!builder_.is_open()) {
      builder_.refuse_value(line_, "the type of the record", type, "074 before all others");
    } else if (type == "075") {
      end_movement();
      item(columns, text);
    } else if (type == "076" || type == "078" || type == "079") {
      continuation(columns, text);
    } else {
      builder_.refuse_value(line_, "the type of the record", type, "074, 075, 076, 078 or 079");
    }
  }

  void header(const Columns& columns) {
    if (columns.size() < 108) {
      builder_.refuse(line_, fmt::format("the header has {} columns, at least 108 are wanted; is "
                                         "the file whole?",
                                         columns.size()));
    }
    builder_.begin(line_);
    find_account(digits(columns, 4, 19, "the account"));
    BankStatement& statement = builder_.statement();
    statement.opening = balance(columns, 46, "the old balance");
    closing_ = balance(columns, 61, "the new balance");
    from_ = short_date(columns.cut(40, 45));
    to_ = short_date(columns.cut(109, 114));
    const std::string_view number = columns.cut(106, 108);
    statement.number =
        tidy(number.substr(std::min(number.find_first_not_of("0 "), number.size()))).value_or("");
  }

  /// The file tells no bank and, at some, turns the digits round: the settings decide, then the
  /// check digits.
  void find_account(std::string_view digits) {
    const std::string plain(digits);
    const std::string turned = in_plain_order(digits);
    std::vector<AccountNumber> ours;
    if (builder_.settings().account) {
      ours.push_back(*builder_.settings().account);
    } else {
      for (const OwnAccount& own : builder_.settings().own_accounts) ours.push_back(own.account);
    }
    std::optional<AccountNumber> found;
    for (const bool permuted : {false, true}) {
      for (const AccountNumber& own : ours) {
        if (account_of(permuted ? turned : plain, own.bank_code()) != own) continue;
        if (found && found != own) {
          builder_.refuse(line_, fmt::format("account {} can be {} or {} of ownAccounts; say which "
                                             "with --account",
                                             digits, found->str(), own.str()));
        }
        if (!found) permuted_ = permuted;
        found = own;
      }
    }
    if (!found) refuse_account(digits, plain, turned, ours);
    bank_ = std::string(found->bank_code());
    builder_.account(*found, std::nullopt, line_);
  }

  [[noreturn]] void refuse_account(std::string_view digits, std::string_view plain,
                                   std::string_view turned,
                                   const std::vector<AccountNumber>& ours) const {
    if (!passes(plain) && !passes(turned)) {
      builder_.refuse_value(line_, "the account", digits,
                            "one whose check digits hold (modulo 11)");
    }
    if (builder_.settings().account) {
      builder_.refuse(line_, fmt::format("the statement is one of account {}, not of {}", digits,
                                         ours.front().str()));
    }
    builder_.refuse(line_,
                    fmt::format("a GPC file does not say at which bank account {} is; add it "
                                "to ownAccounts in box.xml, or give --account NUMBER/BANK",
                                passes(plain) ? plain : turned));
  }

  void item(const Columns& columns, std::string_view text) {
    if (columns.size() < 97) {
      builder_.refuse(line_, fmt::format("the movement has {} columns, at least 97 are wanted; is "
                                         "the file whole?",
                                         columns.size()));
    }
    movement_.emplace();
    movement_->line = line_;
    movement_->identity = encode_windows_1250(trimmed_end(text));
    Payment& payment = movement_->payment;
    payment.amount = minor(columns, 49, 60, "the amount");
    take_code(columns.cut(61, 61), payment);
    check_currency(columns.cut(118, 122));
    payment.booked_on = booked(columns);
    payment.counterparty.name = tidy(columns.text(98, 117));
    take_account(digits(columns, 20, 35, "the counter-account"), columns.cut(74, 77), payment);
    take_symbol(payment.variable_symbol, columns.text(62, 71), payment);
    take_symbol(payment.constant_symbol, columns.text(78, 81), payment);
    take_symbol(payment.specific_symbol, columns.text(82, 91), payment);
  }

  /// 1 takes from the account, 2 gives to it; what takes a movement back differs between banks.
  void take_code(std::string_view code, Payment& payment) const {
    const bool sporitelna = bank_ == ceska_sporitelna;
    const std::string_view back_of_debit = sporitelna ? "3" : "4";
    const std::string_view back_of_credit = sporitelna ? "4" : "5";
    payment.reversal = code == back_of_debit || code == back_of_credit;
    if (code == "2" || code == back_of_debit) {
      payment.direction = Direction::incoming;
    } else if (code == "1" || code == back_of_credit) {
      payment.direction = Direction::outgoing;
    } else {
      builder_.refuse_value(line_, "the posting code", code,
                            fmt::format("1, 2, or {} and {} for what bank {} takes back",
                                        back_of_debit, back_of_credit, bank_));
    }
  }

  /// Fio puts the currency where others have a code of their own.
  void check_currency(std::string_view code) const {
    struct Numeric {
      std::string_view number;
      std::string_view code;
    };
    static constexpr std::array<Numeric, 9> known = {{{"00203", "CZK"},
                                                      {"00978", "EUR"},
                                                      {"00840", "USD"},
                                                      {"00826", "GBP"},
                                                      {"00756", "CHF"},
                                                      {"00985", "PLN"},
                                                      {"00348", "HUF"},
                                                      {"00752", "SEK"},
                                                      {"00578", "NOK"}}};
    if (bank_ != fio) return;
    for (const Numeric& each : known) {
      const Currency currency = builder_.statement().currency;
      if (each.number != code || each.code == currency.code()) continue;
      builder_.refuse(line_, fmt::format("the movement is in {}, and the account in {}; write "
                                         "{}:{} into ownAccounts in box.xml",
                                         each.code, currency.code(),
                                         builder_.statement().account->str(), each.code));
    }
  }

  [[nodiscard]] Date booked(const Columns& columns) const {
    for (const std::string_view text : {columns.cut(123, 128), columns.cut(92, 97)}) {
      if (text.find_first_not_of("0 ") == std::string_view::npos) continue;
      if (const auto date = short_date(text)) return *date;
      builder_.refuse_value(line_, "the day", text,
                            "a day as DDMMYY; is the file in windows-1250?");
    }
    if (to_) return *to_;
    builder_.refuse(line_, "neither the movement nor the header says the day of booking");
  }

  void take_account(std::string_view digits, std::string_view bank, Payment& payment) const {
    if (digits.find_first_not_of('0') == std::string_view::npos) return;
    const std::string turned = in_plain_order(digits);
    const std::string plain(digits);
    for (const std::string& order :
         permuted_ ? std::array{turned, plain} : std::array{plain, turned}) {
      payment.counterparty.account = account_of(order, bank);
      if (payment.counterparty.account) return;
    }
    append_message(payment,
                   fmt::format("{}/{}", digits, decode_charset(std::string(bank), "windows-1250")));
  }

  void continuation(const Columns& columns, std::string_view text) {
    if (!movement_) builder_.refuse(line_, "a text stands before the movement that it belongs to");
    movement_->identity += "\n" + encode_windows_1250(trimmed_end(text));
    // 076 can begin with the number of the order and the day at the other bank.
    const bool advice = columns.cut(1, 3) == "076" && short_date(columns.cut(30, 35)).has_value();
    if (texts_.size() < longest_texts)
      texts_ += columns.text(advice ? 36 : 4, columns.size()) + " ";
  }

  void end_movement() {
    if (!movement_) return;
    Payment& payment = movement_->payment;
    append_message(payment, texts_);
    if (!payment.counterparty.account) {
      payment.kind = kind_of_text(payment.counterparty.name.value_or("") + " " + texts_);
    }
    texts_.clear();
    builder_.add(*std::move(movement_));
    movement_.reset();
  }

  void end_statement() {
    if (!builder_.is_open()) return;
    end_movement();
    builder_.end(closing_, from_, to_, builder_.statement().line);
  }

  [[nodiscard]] std::string_view digits(const Columns& columns, std::size_t first, std::size_t last,
                                        std::string_view what) const {
    const std::string_view text = columns.cut(first, last);
    if (!ascii::digits_only(text)) builder_.refuse_value(line_, what, text, "digits only");
    return text;
  }

  [[nodiscard]] Amount minor(const Columns& columns, std::size_t first, std::size_t last,
                             std::string_view what) const {
    std::int64_t value = 0;
    for (const char digit : digits(columns, first, last, what)) value = value * 10 + (digit - '0');
    return Amount::from_minor(value);
  }

  [[nodiscard]] Amount balance(const Columns& columns, std::size_t first,
                               std::string_view what) const {
    const Amount size = minor(columns, first, first + 13, what);
    const std::string_view sign = columns.cut(first + 14, first + 14);
    if (sign == "-") return -size;
    if (sign != "+" && sign != " " && sign != "0") {
      builder_.refuse_value(line_, fmt::format("the sign of {}", what), sign, "+ or -");
    }
    return size;
  }

  static std::string trimmed_end(std::string_view text) {
    return std::string(text.substr(0, text.find_last_not_of(' ') + 1));
  }

  static constexpr std::size_t longest_texts = 1U << 14U;

  ByteReader& bytes_;
  StatementBuilder& builder_;
  int line_ = 1;
  bool permuted_ = false;
  std::string bank_;
  Amount closing_;
  std::optional<Date> from_;
  std::optional<Date> to_;
  std::optional<StatementMovement> movement_;
  std::string texts_;
};

}  // namespace

void read_gpc(std::istream& input, StatementBuilder& builder) {
  ByteReader bytes(input);
  GpcReader(bytes, builder).read();
}

}  // namespace paymentctl
