#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "import/xml_documents.hpp"

namespace paymentctl {
namespace {

using namespace document_field;

// Names as Stormware's invoice.xsd and type.xsd of version 2 have them.
const std::vector<std::string_view> pohoda_texts = {
    "invoiceHeader/invoiceType",
    "invoiceHeader/number/numberRequested",
    "invoiceHeader/originalDocument",
    "invoiceHeader/symVar",
    "invoiceHeader/date",
    "invoiceHeader/dateDue",
    "invoiceHeader/partnerIdentity/address/company",
    "invoiceHeader/partnerIdentity/address/name",
    "invoiceHeader/partnerIdentity/address/ico",
    "invoiceHeader/paymentAccount/accountNo",
    "invoiceHeader/paymentAccount/bankCode",
    "invoiceSummary/roundingDocument",
    "invoiceSummary/homeCurrency/priceNone",
    "invoiceSummary/homeCurrency/priceLow",
    "invoiceSummary/homeCurrency/priceLowVAT",
    "invoiceSummary/homeCurrency/priceLowSum",
    "invoiceSummary/homeCurrency/priceHigh",
    "invoiceSummary/homeCurrency/priceHighVAT",
    "invoiceSummary/homeCurrency/priceHighSum",
    "invoiceSummary/homeCurrency/price3",
    "invoiceSummary/homeCurrency/price3VAT",
    "invoiceSummary/homeCurrency/price3Sum",
    "invoiceSummary/homeCurrency/round/priceRound",
    "invoiceSummary/foreignCurrency/currency/ids",
    "invoiceSummary/foreignCurrency/priceSum",
};

struct InvoiceType {
  std::string_view name;
  std::string_view kind;
  bool is_credit;
};

constexpr std::array<InvoiceType, 13> invoice_types = {{
    {"issuedInvoice", "issued_invoice", false},
    {"issuedDebitNote", "issued_invoice", false},
    {"issuedAdvanceInvoice", "issued_invoice", false},
    {"issuedProformaInvoice", "issued_invoice", false},
    {"issuedCreditNotice", "issued_invoice", true},
    {"receivable", "other_receivable", false},
    {"penalty", "other_receivable", false},
    {"receivedInvoice", "received_invoice", false},
    {"receivedDebitNote", "received_invoice", false},
    {"receivedAdvanceInvoice", "received_invoice", false},
    {"receivedProformaInvoice", "received_invoice", false},
    {"receivedCreditNotice", "received_invoice", true},
    {"commitment", "other_payable", false},
}};

/// What keeps one invoice from being taken; the others of the file are looked at all the same.
class Refused : public Error {
 public:
  explicit Refused(std::string why) : Error(ExitCode::data, std::move(why)) {}
};

Amount rounded_to_whole(Amount sum) {
  const std::int64_t half = sum.is_negative() ? -50 : 50;
  return Amount::from_minor((sum.minor() + half) / 100 * 100);
}

class PohodaListener : public XmlListener {
 public:
  PohodaListener(const OwnParty& own_party, Complaints& complaints, const DocumentSink& sink)
      : own_party_(own_party), complaints_(complaints), sink_(sink) {}

  void begin(const XmlElement& element) override {
    if (element.path == element.name) check_company(element);
    if (invoice_.empty()) {
      if (element.name == "invoice") invoice_ = element.path;
    } else if (element.path.substr(invoice_.size()).starts_with("/actionType/") &&
               element.name != "add") {
      change_ = element.name;
    }
  }

  void end(std::string_view path, std::string_view text, int line) override {
    if (!invoice_.empty() && path.size() > invoice_.size()) {
      texts_.take(path.substr(invoice_.size() + 1), text, line);
    } else if (path == invoice_) {
      take_invoice(line);
    } else if (path.find('/') == std::string_view::npos && invoices_ == 0) {
      complaints_.add(line, {}, "it holds no invoice");
    }
  }

 private:
  void check_company(const XmlElement& root) {
    const std::string company = eight_digits(root.attribute("ico"));
    if (own_party_ && !company.empty() && company != *own_party_) {
      throw XmlError(root.line, fmt::format("the file is of the company {}, and ownParty is {}",
                                            company.substr(0, 40), *own_party_));
    }
  }

  [[nodiscard]] const std::string& header(std::string_view name) const {
    return texts_.of(fmt::format("invoiceHeader/{}", name));
  }
  [[nodiscard]] const std::string& summary(std::string_view name) const {
    return texts_.of(fmt::format("invoiceSummary/{}", name));
  }

  [[nodiscard]] std::optional<Amount> sum_of(std::string_view name) const {
    const std::string& text = summary(name);
    if (text.empty()) return std::nullopt;
    const auto sum = Amount::from_decimal(xml_decimal(text));
    if (!sum) {
      throw Refused(fmt::format("{} \"{}\" is not an amount with at most two decimals", name,
                                text.substr(0, 60)));
    }
    return sum;
  }

  /// Price with VAT at one rate; Pohoda works the VAT out where the file gives none, we do not.
  [[nodiscard]] std::optional<Amount> at_rate(std::string_view rate) const {
    const std::string price = fmt::format("homeCurrency/{}", rate);
    if (auto whole = sum_of(price + "Sum")) return whole;
    const auto base = sum_of(price);
    const auto tax = sum_of(price + "VAT");
    if (base && !base->is_zero() && !tax) {
      throw Refused(fmt::format("{} comes without its VAT, so the total is not known", price));
    }
    if (!base) return tax;
    return *base + tax.value_or(Amount());
  }

  [[nodiscard]] Amount home_total() const {
    std::optional<Amount> total = sum_of("homeCurrency/priceNone");
    for (const std::string_view rate : {"priceLow", "priceHigh", "price3"}) {
      if (const auto part = at_rate(rate)) total = total.value_or(Amount()) + *part;
    }
    if (!total) throw Refused("its invoiceSummary gives no total; export the invoice from Pohoda");
    if (const auto rounding = sum_of("homeCurrency/round/priceRound")) return *total + *rounding;
    const std::string& rounding = summary("roundingDocument");
    if (rounding == "math2one") return rounded_to_whole(*total);
    if (!rounding.empty() && rounding != "none" && total->minor() % 100 != 0) {
      throw Refused(
          fmt::format("roundingDocument is {} and priceRound is missing, so the total is "
                      "not known",
                      rounding.substr(0, 60)));
    }
    return *total;
  }

  [[nodiscard]] DocumentFields fields() const {
    const std::string& type = header("invoiceType");
    const auto* known = std::find_if(invoice_types.begin(), invoice_types.end(),
                                     [&](const InvoiceType& each) { return each.name == type; });
    if (known == invoice_types.end()) {
      throw Refused(
          fmt::format("invoiceType \"{}\" is none that a payment settles", type.substr(0, 60)));
    }
    DocumentFields fields;
    fields[kind] = known->kind;
    fields[number] = header("number/numberRequested");
    // The supplier's own number tells the same invoice by ISDOC and by Pohoda.
    const bool is_received = known->kind == "received_invoice";
    if (is_received && !header("originalDocument").empty()) {
      fields[number] = header("originalDocument");
    }
    fields[partner_id] = eight_digits(header("partnerIdentity/address/ico"));
    fields[partner_name] = header("partnerIdentity/address/company");
    if (fields[partner_name].empty()) {
      fields[partner_name] = header("partnerIdentity/address/name");
    }
    fields[partner_account] =
        account_or_nothing(header("paymentAccount/accountNo"), header("paymentAccount/bankCode"));
    fields[variable_symbol] = header("symVar");
    Amount total;
    if (const std::string& foreign = summary("foreignCurrency/currency/ids"); !foreign.empty()) {
      const auto sum = sum_of("foreignCurrency/priceSum");
      if (!sum) throw Refused("foreignCurrency/priceSum is missing, so the total is not known");
      total = *sum;
      fields[currency] = foreign;
    } else {
      total = home_total();
    }
    if (known->is_credit && !total.is_negative()) total = -total;
    fields[amount] = total.decimal();
    fields[issued_on] = xml_day(header("date"));
    fields[due_on] = xml_day(header("dateDue"));
    return fields;
  }

  void take_invoice(int line) {
    ++invoices_;
    try {
      if (!change_.empty()) {
        throw Refused(fmt::format("it asks Pohoda to {} an invoice; only whole ones are taken",
                                  change_.substr(0, 40)));
      }
      take_document(fields(), line, complaints_, sink_);
    } catch (const Refused& refused) {
      const std::string name = header("number/numberRequested").substr(0, 40);
      complaints_.add(
          line, {},
          name.empty() ? refused.what() : fmt::format("invoice {}: {}", name, refused.what()));
    }
    texts_.clear();
    invoice_.clear();
    change_.clear();
  }

  const OwnParty& own_party_;
  Complaints& complaints_;
  const DocumentSink& sink_;
  XmlTexts texts_{pohoda_texts};
  std::string invoice_;  ///< path of the invoice that we are in
  std::string change_;   ///< the action it asks for, other than to add
  int invoices_ = 0;
};

}  // namespace

std::unique_ptr<XmlListener> pohoda_listener(const OwnParty& own_party, Complaints& complaints,
                                             const DocumentSink& sink) {
  return std::make_unique<PohodaListener>(own_party, complaints, sink);
}

}  // namespace paymentctl
