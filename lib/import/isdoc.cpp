#include <fmt/format.h>

#include "import/xml_documents.hpp"

namespace paymentctl {
namespace {

using namespace document_field;

// Names as ISDOC 6.0.2 has them (isdoc.cz); those of 5 and 6.0.1 are the same.
const std::vector<std::string_view> isdoc_texts = {
    "DocumentType",
    "ID",
    "IssueDate",
    "LocalCurrencyCode",
    "ForeignCurrencyCode",
    "AccountingSupplierParty/Party/PartyIdentification/ID",
    "AccountingSupplierParty/Party/PartyName/Name",
    "AccountingCustomerParty/Party/PartyIdentification/ID",
    "AccountingCustomerParty/Party/PartyName/Name",
    "LegalMonetaryTotal/PayableAmount",
    "LegalMonetaryTotal/PayableAmountCurr",
};

const std::vector<std::string_view> payment_texts = {
    "PaymentDueDate", "ID", "BankCode", "IBAN", "VariableSymbol",
};

constexpr std::string_view payment_path = "PaymentMeans/Payment";
constexpr std::string_view details_path = "PaymentMeans/Payment/Details/";

/// 2 a credit note, 6 a credit note of a tax document on an advance payment.
bool is_credit(std::string_view type) { return type == "2" || type == "6"; }

bool is_known_type(std::string_view type) {
  return type.size() == 1 && type[0] >= '1' && type[0] <= '7';
}

class IsdocListener : public XmlListener {
 public:
  IsdocListener(const OwnParty& own_party, Complaints& complaints, const DocumentSink& sink)
      : own_party_(own_party), complaints_(complaints), sink_(sink) {}

  void end(std::string_view path, std::string_view text, int line) override {
    const auto root = path.find('/');
    if (root == std::string_view::npos) {
      take_invoice(line);
      return;
    }
    path.remove_prefix(root + 1);
    if (path.starts_with(details_path)) {
      payment_.take(path.substr(details_path.size()), text, line);
    } else if (path == payment_path) {
      end_payment();
    } else {
      texts_.take(path, text, line);
    }
  }

 private:
  /// An invoice may name several ways to pay it: the first due day and the first of each value.
  void end_payment() {
    const auto keep_first = [](std::string& kept, std::string value) {
      if (kept.empty()) kept = std::move(value);
    };
    const std::string due = xml_day(payment_.of("PaymentDueDate"));
    if (due_.empty() || (!due.empty() && due < due_)) due_ = due;
    keep_first(symbol_, payment_.of("VariableSymbol"));
    keep_first(account_,
               account_or_nothing(payment_.of("ID"), payment_.of("BankCode"), payment_.of("IBAN")));
    payment_.clear();
  }

  /// The other side, or what keeps us from telling which that is.
  struct Side {
    std::string_view kind;
    std::string id;
    std::string name;
  };
  std::optional<Side> other_side(int line) {
    const auto party = [&](std::string_view side, std::string_view what) -> const std::string& {
      return texts_.of(fmt::format("{}/Party/{}", side, what));
    };
    const auto id_of = [&](std::string_view side) {
      return eight_digits(party(side, "PartyIdentification/ID"));
    };
    const std::string supplier = id_of("AccountingSupplierParty");
    const std::string customer = id_of("AccountingCustomerParty");
    if (!own_party_) {
      complaints_.add(line, {},
                      fmt::format("ISDOC does not say which of {} and {} we are; set ownParty in "
                                  "box.xml to our IČO",
                                  shown(supplier), shown(customer)));
      return std::nullopt;
    }
    const bool is_issued = supplier == *own_party_;
    if (is_issued == (customer == *own_party_)) {
      complaints_.add(
          line, {},
          fmt::format("its supplier {} and its customer {} are {} ownParty {}, so it is "
                      "neither issued nor received by us",
                      shown(supplier), shown(customer), is_issued ? "both" : "not", *own_party_));
      return std::nullopt;
    }
    const std::string_view other =
        is_issued ? "AccountingCustomerParty" : "AccountingSupplierParty";
    return Side{is_issued ? "issued_invoice" : "received_invoice", is_issued ? customer : supplier,
                party(other, "PartyName/Name")};
  }

  static std::string shown(const std::string& company_number) {
    return company_number.empty() ? "without IČO" : company_number.substr(0, 40);
  }

  void take_invoice(int line) {
    if (!is_known_type(texts_.of("DocumentType"))) {
      complaints_.add_value(line, "DocumentType", texts_.of("DocumentType"),
                            "1 to 7, as ISDOC has");
      return;
    }
    const auto side = other_side(line);
    if (!side) return;
    // With a foreign currency the local amount is only for the tax office.
    const bool is_foreign = !texts_.of("ForeignCurrencyCode").empty();
    const std::string_view payable =
        is_foreign ? "LegalMonetaryTotal/PayableAmountCurr" : "LegalMonetaryTotal/PayableAmount";
    DocumentFields fields;
    fields[kind] = side->kind;
    fields[number] = texts_.of("ID");
    fields[partner_id] = side->id;
    fields[partner_name] = side->name;
    if (side->kind == "received_invoice") fields[partner_account] = account_;
    fields[variable_symbol] = symbol_;
    fields[currency] = texts_.of(is_foreign ? "ForeignCurrencyCode" : "LocalCurrencyCode");
    fields[amount] = xml_decimal(texts_.of(payable));
    fields[issued_on] = xml_day(texts_.of("IssueDate"));
    fields[due_on] = due_;
    if (const auto sum = Amount::from_decimal(fields[amount])) {
      if (sum->is_zero()) {
        complaints_.add(
            line, {},
            fmt::format("{} is 0, so there is nothing that a payment could settle", payable));
        return;
      }
      // Some programs write the amounts of a credit note with a sign, some without.
      if (is_credit(texts_.of("DocumentType"))) {
        fields[amount] = (sum->is_negative() ? *sum : -*sum).decimal();
      }
    }
    take_document(fields, line, complaints_, sink_);
  }

  const OwnParty& own_party_;
  Complaints& complaints_;
  const DocumentSink& sink_;
  XmlTexts texts_{isdoc_texts};
  XmlTexts payment_{payment_texts};
  std::string due_;
  std::string symbol_;
  std::string account_;
};

}  // namespace

std::unique_ptr<XmlListener> isdoc_listener(const OwnParty& own_party, Complaints& complaints,
                                            const DocumentSink& sink) {
  return std::make_unique<IsdocListener>(own_party, complaints, sink);
}

}  // namespace paymentctl
