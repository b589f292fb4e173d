// The JSON of Fio's interface:
// {"accountStatement":{"info":{…},"transactionList":{"transaction":[…]}}}, a movement as an object
// of columns {"column1":{"value":…,"name":…,"id":1}, …} or null.
#include <array>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "import/json_feed.hpp"
#include "import/statement_readers.hpp"
#include "model/ascii.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

using nlohmann::json;

constexpr std::size_t deepest_json = 16;
constexpr std::size_t longest_string = 4096;
constexpr std::size_t most_values = 200;

/// "2026-03-01+0100", or milliseconds since 1970, which older exports have: midnight in Prague.
std::optional<Date> fio_date(std::string_view text) {
  if (text.size() >= 10 && text[4] == '-') return Date::from_iso(text.substr(0, 10));
  if (!ascii::digits_only(text) || text.size() < 10 || text.size() > 14) return std::nullopt;
  const std::chrono::milliseconds since(std::stoll(std::string(text)));
  // Two hours more than UTC at most, so that noon of the day lies between.
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(since) + std::chrono::hours(12)));
  return Date::from(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                    static_cast<unsigned>(day.day()));
}

/// The text of a JSON number or string with at most two decimals that say something.
std::optional<Amount> fio_amount(std::string_view text) {
  const auto point = text.find('.');
  if (point != std::string_view::npos) {
    while (text.size() > point + 3 && text.back() == '0') text.remove_suffix(1);
  }
  return Amount::from_decimal(text);
}

/// Values as their text stands in the file, by the name of their column or of their member.
using Values = std::map<std::string, std::string, std::less<>>;

class FioSax {
 public:
  FioSax(JsonProgress& progress, StatementBuilder& builder)
      : progress_(progress), builder_(builder) {}

  bool null() { return value({}); }
  bool boolean(bool given) { return value(given ? "true" : "false"); }
  bool number_integer(json::number_integer_t given) { return value(std::to_string(given)); }
  bool number_unsigned(json::number_unsigned_t given) { return value(std::to_string(given)); }
  bool number_float(json::number_float_t, const std::string& text) { return value(text); }
  bool string(const std::string& text) { return value(text); }
  bool binary(const json::binary_t&) { return value({}); }

  bool start_object(std::size_t) {
    push();
    if (at({"accountStatement", "transactionList", "transaction", ""})) {
      values_.clear();
      line_ = progress_.line;
    } else if (at({"accountStatement", "info"})) {
      values_.clear();
      line_ = progress_.line;
    }
    return true;
  }
  bool end_object() {
    if (at({"accountStatement", "info"})) {
      take_info();
    } else if (at({"accountStatement", "transactionList", "transaction", ""})) {
      take_movement();
    }
    path_.pop_back();
    key_.clear();
    progress_.silent = 0;
    return true;
  }
  bool start_array(std::size_t) {
    push();
    key_.clear();
    return true;
  }
  bool end_array() {
    path_.pop_back();
    return true;
  }
  bool key(const std::string& name) {
    key_ = name.substr(0, 64);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception& error) {
    std::string_view why = error.what();
    if (const auto end = why.find("] "); end != std::string_view::npos) why.remove_prefix(end + 2);
    builder_.refuse(progress_.line, fmt::format("not valid JSON: {}", why));
  }

  void end() {
    if (!builder_.is_open()) return;
    builder_.end(closing_, from_, to_, line_);
  }

 private:
  void push() {
    if (path_.size() == deepest_json)
      builder_.refuse(progress_.line, "the JSON is nested too deep");
    // Elements of an array have no key of their own.
    path_.push_back(path_.empty() ? std::string() : key_);
    key_.clear();
  }

  /// Whether the open objects and arrays below the outermost one are these.
  [[nodiscard]] bool at(std::initializer_list<std::string_view> keys) const {
    if (path_.size() != keys.size() + 1) return false;
    return std::equal(keys.begin(), keys.end(), path_.begin() + 1);
  }

  bool value(std::string text) {
    progress_.silent = 0;
    const bool of_info = path_.size() == 3 && at({"accountStatement", "info"});
    const bool of_column = path_.size() == 6 && path_[3] == "transaction" && key_ == "value";
    if ((!of_info && !of_column) || text.empty()) return true;
    if (text.size() > longest_string) text.resize(longest_string);
    if (values_.size() == most_values) builder_.refuse(progress_.line, "the object is too long");
    const std::string& name = of_info ? key_ : path_.back();
    if (!values_.emplace(name, std::move(text)).second) {
      builder_.refuse(progress_.line, fmt::format("{} stands there twice", name));
    }
    return true;
  }

  [[nodiscard]] std::string text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
  }

  template <typename Parse>
  auto required(std::string_view name, std::string_view wanted, Parse&& parse) const {
    const std::string given = text(name);
    auto parsed = parse(std::string_view(given));
    if (!parsed) builder_.refuse_value(line_, name, given, wanted);
    return *parsed;
  }

  void take_info() {
    if (has_info_) builder_.refuse(line_, "info stands there twice");
    has_info_ = true;
    builder_.begin(line_);
    const std::string iban = text("iban");
    auto account = AccountNumber::parse(iban);
    if (!account) account = AccountNumber::parse(with_dash(text("accountId")), text("bankId"));
    if (!account) {
      builder_.refuse_value(line_, "the account", text("accountId") + "/" + text("bankId"),
                            "one whose check digits hold");
    }
    const auto currency = required("currency", "an ISO 4217 code",
                                   [](std::string_view code) { return Currency::from_code(code); });
    builder_.account(*account, currency, line_);
    BankStatement& statement = builder_.statement();
    statement.opening = required("openingBalance", "an amount", fio_amount);
    closing_ = required("closingBalance", "an amount", fio_amount);
    from_ = fio_date(text("dateStart"));
    to_ = fio_date(text("dateEnd"));
    if (!text("idList").empty()) {
      statement.number =
          text("yearList").empty() ? text("idList") : text("idList") + "/" + text("yearList");
    }
  }

  void take_movement() {
    if (!has_info_) {
      builder_.refuse(line_, "a movement stands before \"info\", which tells the account");
    }
    StatementMovement movement;
    movement.line = line_;
    Payment& payment = movement.payment;
    const Amount amount = required("column1", "an amount with at most two decimals", fio_amount);
    payment.direction = amount.is_negative() ? Direction::outgoing : Direction::incoming;
    payment.amount = amount.is_negative() ? -amount : amount;
    payment.booked_on = required("column0", "a day as 2026-03-01+0100", fio_date);
    const std::string currency = text("column14");
    if (!currency.empty() && currency != builder_.statement().currency.code()) {
      builder_.refuse_value(line_, "the currency", currency, builder_.statement().currency.code());
    }
    payment.bank_reference = tidy(text("column22"));
    payment.counterparty.name = tidy(text("column10"));
    for (const char* name : {"column16", "column7", "column25"}) {
      if (!payment.message) payment.message = tidy(text(name));
    }
    payment.kind = kind_of_text(text("column8"));
    // At movements that nobody sent, the word for the kind is all that is said.
    if (!payment.message && payment.kind != PaymentKind::transfer) {
      payment.message = tidy(text("column8"));
    }
    take_counter_account(text("column2"), text("column3"), payment);
    take_symbol(payment.variable_symbol, text("column5"), payment);
    take_symbol(payment.constant_symbol, text("column4"), payment);
    take_symbol(payment.specific_symbol, text("column6"), payment);
    payment.reversal = is_reversal(text("column8"));
    for (const auto& [name, value] : values_) movement.identity += name + "=" + value + "\n";
    builder_.add(std::move(movement));
  }

  /// Fio's words for what is taken back.
  static bool is_reversal(std::string_view kind) {
    return kind.starts_with("Storno") || kind.starts_with("Oprava pohybu");
  }

  JsonProgress& progress_;
  StatementBuilder& builder_;
  std::vector<std::string> path_;
  std::string key_;
  Values values_;
  int line_ = 1;
  bool has_info_ = false;
  Amount closing_;
  std::optional<Date> from_;
  std::optional<Date> to_;
};

}  // namespace

void read_fio_json(std::istream& input, StatementBuilder& builder) {
  ByteReader bytes(input);
  bytes.skip_mark();
  JsonProgress progress;
  FioSax sax(progress, builder);
  try {
    json::sax_parse(JsonFeed(bytes, progress), JsonFeed(), &sax);
  } catch (const json::exception& error) {
    builder.refuse(progress.line, fmt::format("not valid JSON: {}", error.what()));
  }
  sax.end();
}

}  // namespace paymentctl
