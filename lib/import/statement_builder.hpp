#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/statement.hpp"

namespace paymentctl {

/// What every format's reader hands its finds to: it checks them and adds them up.
class StatementBuilder {
 public:
  StatementBuilder(std::string_view file, StatementFormat format, const StatementSettings& settings,
                   const MovementSink& sink);

  /// A new statement begins; the one before it must have ended.
  void begin(int line);
  /// Whose it is. `stated_currency` is the file's own word; otherwise the account's in the
  /// settings, else Czech crowns.
  void account(const AccountNumber& account, std::optional<Currency> stated_currency, int line);
  BankStatement& statement() { return statements_.back(); }
  [[nodiscard]] bool is_open() const { return open_; }

  /// Fills in what is the statement's; checks amount, day and currency.
  void add(StatementMovement movement);

  /// `closing` must be what the movements made of the opening balance. A period that was not given
  /// is that of the movements, and it grows to hold them all.
  void end(Amount closing, std::optional<Date> from, std::optional<Date> to, int line);

  /// Error(data) when there was none.
  std::vector<BankStatement> finish();

  [[noreturn]] void refuse(int line, std::string_view text) const;
  [[noreturn]] void refuse_value(int line, std::string_view what, std::string_view value,
                                 std::string_view wanted) const;
  [[nodiscard]] const StatementSettings& settings() const { return settings_; }

 private:
  std::string file_;
  StatementFormat format_;
  const StatementSettings& settings_;
  const MovementSink& sink_;
  std::vector<BankStatement> statements_;
  bool open_ = false;
  Amount sum_;  ///< opening balance not in it
  std::optional<Date> first_;
  std::optional<Date> last_;
};

/// One line, blanks collapsed; nullopt for nothing.
std::optional<std::string> tidy(std::string_view text);

/// Appends a part of the message apart by a blank.
void append_message(Payment& payment, std::string_view text);

/// A symbol, or nothing for blanks and zeros. What is neither goes into the message, so that it is
/// not lost. A symbol that is set already stays.
void take_symbol(std::optional<Symbol>& symbol, std::string_view text, Payment& payment);

/// Takes "/VS123/SS/KS0308", "VS:123 KS:308", "VS123": each symbol that `text` names in one of
/// these ways at the beginning of a word. Answers the text without them.
std::string take_named_symbols(std::string_view text, Payment& payment);

/// Ten or sixteen digits without a dash, as files without room for one have them:
/// "000019-2000145399".
std::string with_dash(std::string_view digits);

/// The counter-account, or, where its check digits do not hold, its text in the message.
void take_counter_account(std::string_view text, std::string_view bank, Payment& payment);

/// What the bank's own word for a movement says about its kind; `transfer` for everything else.
PaymentKind kind_of_text(std::string_view text);

}  // namespace paymentctl
