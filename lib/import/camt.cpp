// camt.053 of ISO 20022, versions 02 and 08, as the Czech profile and the banks' files fill it.
#include <fmt/format.h>

#include "import/statement_readers.hpp"
#include "import/xml_parts.hpp"
#include "model/ascii.hpp"
#include "model/error.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

/// Dt, or DtTm in its own time zone.
std::optional<Date> day_of(const XmlNode& node) {
  for (const char* name : {"Dt", "DtTm"}) {
    const std::string_view text = node.text_at(name);
    if (text.size() >= 10) return Date::from_iso(text.substr(0, 10));
  }
  return std::nullopt;
}

/// Trailing zeros beyond two decimals say nothing.
std::optional<Amount> amount_of(std::string_view text) {
  const auto point = text.find('.');
  if (point != std::string_view::npos) {
    while (text.size() > point + 3 && text.back() == '0') text.remove_suffix(1);
  }
  return Amount::from_decimal(text);
}

std::string all_text(const XmlNode& node) {
  std::string text = node.name + "=" + node.text + "\n";
  for (const XmlNode& child : node.children) text += all_text(child);
  return text;
}

class CamtReader {
 public:
  explicit CamtReader(StatementBuilder& builder) : builder_(builder) {}

  void read(std::istream& input) {
    XmlParts parts;
    parts.whole = "Document/BkToCstmrStmt/Stmt";
    parts.begin = [this](int line) { begin(line); };
    parts.take = [this](const XmlNode& node) { take(node); };
    parts.end = [this](int line) { end(line); };
    try {
      read_xml_parts(input, parts);
    } catch (const XmlError& error) {
      builder_.refuse(error.line(), error.what());
    }
  }

 private:
  void begin(int line) {
    builder_.begin(line);
    account_ = XmlNode();
    number_.clear();
    from_.reset();
    to_.reset();
    opening_ = Balance();
    closing_ = Balance();
    has_entries_ = false;
  }

  void take(const XmlNode& node) {
    if (node.name == "ElctrncSeqNb" || (node.name == "LglSeqNb" && number_.empty())) {
      number_ = node.text;
    } else if (node.name == "FrToDt") {
      from_ = Date::from_iso(node.text_at("FrDtTm").substr(0, 10));
      to_ = Date::from_iso(node.text_at("ToDtTm").substr(0, 10));
      if (!from_) from_ = Date::from_iso(node.text_at("FrDt"));
      if (!to_) to_ = Date::from_iso(node.text_at("ToDt"));
    } else if (node.name == "Acct") {
      account_ = node;
    } else if (node.name == "Bal") {
      take_balance(node);
    } else if (node.name == "Ntry") {
      if (!has_entries_) open(node.line);
      take_entry(node);
    }
  }

  struct Balance {
    int rank = 0;  ///< how well its kind says what is wanted; 0: none yet
    Amount amount;
    std::optional<Currency> currency;
    std::optional<Date> day;
  };

  void take_balance(const XmlNode& node) {
    const std::string_view kind = node.text_at("Tp/CdOrPrtry/Cd");
    Balance balance;
    balance.amount = signed_amount(node);
    const XmlNode* amount = node.find("Amt");
    balance.currency = Currency::from_code(amount->attribute("Ccy"));
    if (const XmlNode* date = node.find("Dt")) balance.day = day_of(*date);
    // Interim balances frame a statement in parts: the first one opens it, the last one closes it.
    if (kind == "OPBD") set(opening_, balance, 3);
    if (kind == "PRCD") set(opening_, balance, 2);
    if (kind == "ITBD" && opening_.rank == 0) {
      set(opening_, balance, 1);
    } else if (kind == "ITBD" && closing_.rank <= 1) {
      closing_.rank = 0;
      set(closing_, balance, 1);
    }
    if (kind == "CLBD") set(closing_, balance, 3);
  }

  static void set(Balance& place, Balance balance, int rank) {
    if (place.rank >= rank) return;
    place = balance;
    place.rank = rank;
  }

  /// The balances stand before the entries, so that the account is whole by then.
  void open(int line) {
    has_entries_ = true;
    const std::string_view iban = account_.text_at("Id/IBAN");
    auto account = AccountNumber::parse(iban);
    std::string shown(iban);
    if (iban.empty()) {
      const std::string_view number = account_.text_at("Id/Othr/Id");
      shown = number;
      account = AccountNumber::parse(with_dash(number), bank_of(account_.find("Svcr")));
      for (const OwnAccount& own : builder_.settings().own_accounts) {
        if (account) break;
        if (AccountNumber::parse(with_dash(number), own.account.bank_code()) == own.account) {
          account = own.account;
        }
      }
    }
    if (!account) {
      builder_.refuse_value(account_.line > 0 ? account_.line : line, "the account", shown,
                            "one whose check digits hold, before the entries");
    }
    auto currency = Currency::from_code(account_.text_at("Ccy"));
    if (!currency) currency = opening_.currency ? opening_.currency : closing_.currency;
    builder_.account(*account, currency, line);
    if (opening_.rank == 0) {
      builder_.refuse(line,
                      "the statement has no opening balance (OPBD or PRCD) before its entries");
    }
    builder_.statement().opening = opening_.amount;
    builder_.statement().number = tidy(number_).value_or("");
  }

  void end(int line) {
    if (!has_entries_) open(line);
    if (closing_.rank == 0) builder_.refuse(line, "the statement has no closing balance (CLBD)");
    builder_.end(closing_.amount, from_ ? from_ : opening_.day, to_ ? to_ : closing_.day, line);
  }

  static std::string bank_of(const XmlNode* agent) {
    if (agent == nullptr) return {};
    for (const char* path : {"FinInstnId/Othr/Id", "FinInstnId/ClrSysMmbId/MmbId"}) {
      const std::string_view code = agent->text_at(path);
      if (code.size() == 4 && ascii::digits_only(code)) return std::string(code);
    }
    return {};
  }

  Amount signed_amount(const XmlNode& node) const {
    const XmlNode* amount = node.find("Amt");
    const std::string_view text = amount == nullptr ? std::string_view() : amount->text;
    const auto parsed = amount_of(text);
    if (!parsed || parsed->is_negative()) {
      builder_.refuse_value(node.line, "the amount", text, "a decimal with a full stop");
    }
    return is_credit(node) ? *parsed : -*parsed;
  }

  bool is_credit(const XmlNode& node) const {
    const std::string_view mark = node.text_at("CdtDbtInd");
    if (mark != "CRDT" && mark != "DBIT") {
      builder_.refuse_value(node.line, "CdtDbtInd", mark, "CRDT or DBIT");
    }
    return mark == "CRDT";
  }

  void take_entry(const XmlNode& entry) {
    // What is not booked yet is in no balance.
    const XmlNode* status = entry.find("Sts");
    const std::string_view booked = status == nullptr      ? "BOOK"
                                    : status->text.empty() ? status->text_at("Cd")
                                                           : status->text;
    if (booked != "BOOK") return;
    const Amount amount = signed_amount(entry);
    const std::string_view currency = entry.find("Amt")->attribute("Ccy");
    if (!currency.empty() && currency != builder_.statement().currency.code()) {
      builder_.refuse_value(entry.line, "the currency", currency,
                            builder_.statement().currency.code());
    }
    std::vector<const XmlNode*> details;
    for (const XmlNode& group : entry.children) {
      if (group.name != "NtryDtls") continue;
      for (const XmlNode& each : group.children) {
        if (each.name == "TxDtls") details.push_back(&each);
      }
    }
    if (const auto parts = parts_of(entry, details, amount)) {
      for (std::size_t i = 0; i < details.size(); ++i) {
        add(entry, details[i], (*parts)[i], details[i]->line);
      }
    } else {
      add(entry, details.size() == 1 ? details.front() : nullptr, amount, entry.line);
    }
  }

  /// The amounts of an entry's transactions where they are the entry's amount together; otherwise
  /// the entry is one movement.
  std::optional<std::vector<Amount>> parts_of(const XmlNode& entry,
                                              const std::vector<const XmlNode*>& details,
                                              Amount whole) const {
    if (details.size() < 2) return std::nullopt;
    std::vector<Amount> parts;
    Amount sum;
    for (const XmlNode* each : details) {
      const XmlNode* amount = each->find("Amt");
      if (amount == nullptr) amount = each->find("AmtDtls/TxAmt/Amt");
      const auto parsed = amount == nullptr ? std::nullopt : amount_of(amount->text);
      if (!parsed || amount->attribute("Ccy") != builder_.statement().currency.code()) {
        return std::nullopt;
      }
      const bool credit = is_credit(each->find("CdtDbtInd") == nullptr ? entry : *each);
      parts.push_back(credit ? *parsed : -*parsed);
      if (parts.size() > most_parts) return std::nullopt;
      sum += parts.back();
    }
    if (sum != whole) return std::nullopt;
    return parts;
  }

  void add(const XmlNode& entry, const XmlNode* details, Amount amount, int line) {
    StatementMovement movement;
    movement.line = line;
    Payment& payment = movement.payment;
    const std::string_view back = entry.text_at("RvslInd");
    payment.reversal = back == "true" || back == "1";
    const bool credit = !amount.is_negative();
    payment.direction = credit != payment.reversal ? Direction::incoming : Direction::outgoing;
    payment.amount = credit ? amount : -amount;
    const XmlNode* booked = entry.find("BookgDt");
    if (booked == nullptr) booked = entry.find("ValDt");
    const auto day = booked == nullptr ? std::nullopt : day_of(*booked);
    if (!day) builder_.refuse(line, "the entry has no day of booking (BookgDt)");
    payment.booked_on = *day;

    const XmlNode empty;
    const XmlNode& told = details == nullptr ? empty : *details;
    take_parties(told, credit, payment);
    take_symbols(told, payment);
    for (const std::string_view text :
         {told.text_at("AddtlTxInf"), entry.text_at("AddtlNtryInf")}) {
      if (!payment.message) payment.message = tidy(text);
    }
    take_kind(entry, told, payment);
    take_reference(entry, told, movement);
    builder_.add(std::move(movement));
  }

  /// Who sent a credit, who got a debit; of what is taken back the sides may be the other way.
  static void take_parties(const XmlNode& told, bool credit, Payment& payment) {
    const XmlNode* parties = told.find("RltdPties");
    if (parties == nullptr) return;
    const auto take = [&](const std::string& side) {
      const XmlNode* account = parties->find(side + "Acct");
      const XmlNode* party = parties->find(side);
      if (account == nullptr && party == nullptr) return false;
      if (party != nullptr) {
        payment.counterparty.name = tidy(party->text_at("Nm"));
        if (!payment.counterparty.name) payment.counterparty.name = tidy(party->text_at("Pty/Nm"));
      }
      if (account != nullptr) {
        if (!payment.counterparty.name) payment.counterparty.name = tidy(account->text_at("Nm"));
        const std::string_view iban = account->text_at("Id/IBAN");
        take_counter_account(iban.empty() ? account->text_at("Id/Othr/Id") : iban,
                             iban.empty() ? bank_of(told.find("RltdAgts/" + side + "Agt")) : "",
                             payment);
      }
      return true;
    };
    const std::string first = credit ? "Dbtr" : "Cdtr";
    if (!take(first) && payment.reversal) take(credit ? "Cdtr" : "Dbtr");
  }

  static void take_symbols(const XmlNode& told, Payment& payment) {
    if (const XmlNode* remittance = told.find("RmtInf")) {
      for (const XmlNode& part : remittance->children) {
        if (part.name != "Strd") continue;
        for (const XmlNode& reference : part.children) {
          if (reference.name == "CdtrRefInf") take_reference_symbol(reference, payment);
          if (reference.name == "AddtlRmtInf") append_message(payment, reference.text);
        }
      }
    }
    const std::string_view end_to_end = told.text_at("Refs/EndToEndId");
    const std::string_view instruction = told.text_at("Refs/InstrId");
    if (ascii::digits_only(end_to_end) && end_to_end.size() <= 10) {
      if (!payment.variable_symbol) payment.variable_symbol = Symbol::parse(end_to_end);
      if (!payment.constant_symbol && ascii::digits_only(instruction) && instruction.size() <= 4) {
        payment.constant_symbol = Symbol::parse(instruction);
      }
    } else if (end_to_end.starts_with('/')) {
      append_message(payment, take_named_symbols(end_to_end, payment));
    }
    if (const XmlNode* remittance = told.find("RmtInf")) {
      for (const XmlNode& part : remittance->children) {
        if (part.name != "Ustrd") continue;
        append_message(payment, part.text.starts_with('/') ? take_named_symbols(part.text, payment)
                                                           : part.text);
      }
    }
  }

  /// "VS:123"; what is none of the three symbols is a text.
  static void take_reference_symbol(const XmlNode& reference, Payment& payment) {
    for (const XmlNode& each : reference.children) {
      if (each.name != "Ref") continue;
      const std::string left = take_named_symbols(each.text, payment);
      // "VS:" without a number says nothing.
      if (left != "VS:" && left != "KS:" && left != "SS:") append_message(payment, left);
    }
  }

  static void take_kind(const XmlNode& entry, const XmlNode& told, Payment& payment) {
    const XmlNode* code = told.find("BkTxCd/Domn");
    if (code == nullptr) code = entry.find("BkTxCd/Domn");
    if (code != nullptr) {
      const std::string_view family = code->text_at("Fmly/Cd");
      const std::string_view sub_family = code->text_at("Fmly/SubFmlyCd");
      if (family == "CCRD" || family == "MCRD") payment.kind = PaymentKind::card;
      if (family == "CNTR") payment.kind = PaymentKind::cash;
      if (sub_family == "CHRG" || sub_family == "FEES" || sub_family == "COMM") {
        payment.kind = PaymentKind::fee;
      }
      if (sub_family == "INTR") payment.kind = PaymentKind::interest;
      if (code->text_at("Cd") == "LDAS") payment.kind = PaymentKind::loan;
    }
    if (payment.kind == PaymentKind::transfer && !payment.counterparty.account) {
      payment.kind = kind_of_text(std::string(entry.text_at("AddtlNtryInf")) + " " +
                                  std::string(told.text_at("AddtlTxInf")));
    }
  }

  static void take_reference(const XmlNode& entry, const XmlNode& told,
                             StatementMovement& movement) {
    for (const std::string_view text : {told.text_at("Refs/AcctSvcrRef"),
                                        entry.text_at("AcctSvcrRef"), entry.text_at("NtryRef")}) {
      // A short one counts the entries of the file and is another in the next file.
      if (movement.payment.bank_reference || text.size() < shortest_reference ||
          text == "NOTPROVIDED") {
        continue;
      }
      movement.payment.bank_reference = tidy(text);
    }
    XmlNode own = told.name.empty() ? entry : told;
    movement.identity =
        fmt::format("{} {} {}\n", movement.payment.booked_on.iso(),
                    name_of(movement.payment.direction), movement.payment.amount.decimal());
    std::erase_if(own.children, [](const XmlNode& child) { return child.name == "NtryRef"; });
    movement.identity += all_text(own);
  }

  static constexpr std::size_t most_parts = 100'000;
  static constexpr std::size_t shortest_reference = 6;

  StatementBuilder& builder_;
  XmlNode account_;
  std::string number_;
  std::optional<Date> from_;
  std::optional<Date> to_;
  Balance opening_;
  Balance closing_;
  bool has_entries_ = false;
};

}  // namespace

void read_camt053(std::istream& input, StatementBuilder& builder) {
  CamtReader(builder).read(input);
}

}  // namespace paymentctl
