#include <fstream>
#include <sstream>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "import/documents.hpp"
#include "import/xml_reader.hpp"
#include "model/error.hpp"

using namespace paymentctl;

namespace {

const std::string us = "26099981";
const std::string them = "26099982";

struct Outcome {
  std::vector<Document> documents;
  std::string error;
};

Outcome outcome_of(const std::string& text, const std::optional<std::string>& own_party = us) {
  Outcome outcome;
  std::istringstream input(text);
  try {
    read_documents(
        input, "file.xml", DocumentFileFormat::xml,
        [&](const Document& document) { outcome.documents.push_back(document); }, own_party);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::data);
    outcome.error = error.what();
  }
  return outcome;
}

Document only(const Outcome& outcome) {
  INFO(outcome.error);
  REQUIRE(outcome.documents.size() == 1);
  REQUIRE(outcome.error.empty());
  return outcome.documents.front();
}

struct Isdoc {
  std::string type = "1";
  std::string supplier = them;
  std::string customer = us;
  std::string payable = "<PayableAmount>1210.00</PayableAmount>";
  std::string foreign;
  std::string payments =
      "<Payment><Details><PaymentDueDate>2026-09-03</PaymentDueDate><ID>1088382</ID>"
      "<BankCode>0300</BankCode><VariableSymbol>0042</VariableSymbol></Details></Payment>";

  [[nodiscard]] std::string text() const {
    const auto party = [](const std::string& id, const char* name) {
      return "<Party><PartyIdentification><ID>" + id +
             "</ID></PartyIdentification><PartyName><Name>" + name + "</Name></PartyName></Party>";
    };
    return R"(<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="http://isdoc.cz/namespace/2013" version="6.0.2">
<DocumentType>)" +
           type + "</DocumentType><ID>FV-7/2026</ID><IssueDate>2026-08-20</IssueDate>" +
           "<LocalCurrencyCode>CZK</LocalCurrencyCode>" + foreign + "<AccountingSupplierParty>" +
           party(supplier, "Svorka s.r.o.") +
           "</AccountingSupplierParty><AccountingCustomerParty>" +
           party(customer, "Papírna\n  U Mlýna") + "</AccountingCustomerParty><InvoiceLines>" +
           "<InvoiceLine><ID>1</ID></InvoiceLine></InvoiceLines><LegalMonetaryTotal>" + payable +
           "</LegalMonetaryTotal><PaymentMeans>" + payments + "</PaymentMeans></Invoice>\n";
  }
};

const std::string home =
    "<inv:homeCurrency><typ:priceHighSum>121</typ:priceHighSum></inv:homeCurrency>";

std::string pohoda_invoice(const std::string& type, const std::string& summary = home,
                           const std::string& number = "101", const std::string& more = "") {
  return "<dat:dataPackItem><inv:invoice><inv:invoiceHeader><inv:invoiceType>" + type +
         "</inv:invoiceType><inv:number><typ:numberRequested>" + number +
         "</typ:numberRequested></inv:number><inv:symVar>101</inv:symVar>"
         "<inv:date>2026-08-20</inv:date><inv:dateDue>2026-09-03</inv:dateDue>" +
         more + "</inv:invoiceHeader><inv:invoiceSummary>" + summary +
         "</inv:invoiceSummary></inv:invoice></dat:dataPackItem>\n";
}

std::string pack(const std::string& items, const std::string& company = us) {
  return "<?xml version=\"1.0\"?>\n<dat:dataPack ico=\"" + company +
         "\" xmlns:dat=\"http://www.stormware.cz/schema/version_2/data.xsd\" "
         "xmlns:inv=\"http://www.stormware.cz/schema/version_2/invoice.xsd\" "
         "xmlns:ftr=\"http://www.stormware.cz/schema/version_2/filter.xsd\" "
         "xmlns:typ=\"http://www.stormware.cz/schema/version_2/type.xsd\">\n" +
         items + "</dat:dataPack>";
}

std::string home_of(const std::string& inner) {
  return "<inv:homeCurrency>" + inner + "</inv:homeCurrency>";
}

}  // namespace

TEST_CASE("an ISDOC invoice is received when its customer is us") {
  const Document document = only(outcome_of(Isdoc{}.text()));
  CHECK(document.kind == DocumentKind::received_invoice);
  CHECK(document.number == "FV-7/2026");
  CHECK(document.partner.id == them);
  CHECK(document.partner.name == "Svorka s.r.o.");
  REQUIRE(document.partner.account);
  CHECK(document.partner.account->str() == "1088382/0300");
  CHECK(document.variable_symbol == "0042");
  CHECK(document.amount.decimal() == "1210.00");
  CHECK(document.issued_on->iso() == "2026-08-20");
  CHECK(document.due_on->iso() == "2026-09-03");
}

TEST_CASE("an ISDOC invoice is issued when its supplier is us, and the account in it is ours") {
  Isdoc invoice;
  std::swap(invoice.supplier, invoice.customer);
  const Document document = only(outcome_of(invoice.text()));
  CHECK(document.kind == DocumentKind::issued_invoice);
  CHECK(document.partner.name == "Papírna U Mlýna");
  CHECK_FALSE(document.partner.account);
}

TEST_CASE("an ISDOC invoice of which we cannot be one side is refused by name") {
  Isdoc strangers;
  strangers.customer = "26099983";
  CHECK(outcome_of(strangers.text()).error.find("26099983 are not ownParty 26099981") !=
        std::string::npos);
  Isdoc both;
  both.supplier = us;
  CHECK(outcome_of(both.text()).error.find("are both ownParty") != std::string::npos);
  CHECK(outcome_of(Isdoc{}.text(), std::nullopt).error.find("set ownParty in box.xml") !=
        std::string::npos);
}

TEST_CASE("a company number without its leading zeros is the same one") {
  Isdoc invoice;
  invoice.customer = "123456";
  CHECK(only(outcome_of(invoice.text(), "00123456")).kind == DocumentKind::received_invoice);
}

TEST_CASE("a credit note of ISDOC counts as the opposite kind whatever its sign") {
  for (const char* amount : {"1210.00", "-1210.00", "1210", "-1210.0000"}) {
    INFO(amount);
    Isdoc invoice;
    invoice.type = "2";
    invoice.payable = fmt::format("<PayableAmount>{}</PayableAmount>", amount);
    const Document document = only(outcome_of(invoice.text()));
    CHECK(document.kind == DocumentKind::issued_invoice);
    CHECK(document.amount.decimal() == "1210.00");
  }
}

TEST_CASE("in a foreign currency the foreign amount counts, and is missed where it is not there") {
  Isdoc invoice;
  invoice.foreign = "<ForeignCurrencyCode>EUR</ForeignCurrencyCode>";
  CHECK(outcome_of(invoice.text()).error.find("column amount") != std::string::npos);
  invoice.payable += "<PayableAmountCurr>48.40</PayableAmountCurr>";
  const Document document = only(outcome_of(invoice.text()));
  CHECK(document.currency.code() == "EUR");
  CHECK(document.amount.decimal() == "48.40");
}

TEST_CASE("of several ways to pay the first due day counts, and an invalid account is left out") {
  Isdoc invoice;
  invoice.payments =
      "<Payment><Details><PaymentDueDate>2026-09-10Z</PaymentDueDate><ID>1234</ID>"
      "<BankCode>0300</BankCode></Details></Payment>"
      "<Payment><Details><PaymentDueDate>2026-09-01</PaymentDueDate><ID>1088382</ID>"
      "<BankCode>0300</BankCode><VariableSymbol>7</VariableSymbol></Details></Payment>";
  const Document document = only(outcome_of(invoice.text()));
  CHECK(document.due_on->iso() == "2026-09-01");
  CHECK(document.variable_symbol == "7");
  CHECK(document.partner.account->str() == "1088382/0300");
}

TEST_CASE("what is wrong with an ISDOC file is named by line") {
  struct Case {
    std::string text;
    std::string wanted;
  };
  const auto with = [](auto change) {
    Isdoc invoice;
    change(invoice);
    return invoice.text();
  };
  const std::string good = Isdoc{}.text();
  const std::vector<Case> cases = {
      {with([](Isdoc& i) { i.payable = "<PayableAmount>0.00</PayableAmount>"; }), "is 0"},
      {with([](Isdoc& i) { i.payable = "<PayableAmount>1.005</PayableAmount>"; }), "1.005"},
      {with([](Isdoc& i) {
         i.payable = "<PayableAmount>1</PayableAmount><PayableAmount>2</PayableAmount>";
       }),
       "twice"},
      {with([](Isdoc& i) { i.type = "9"; }), "DocumentType"},
      {good.substr(0, good.size() / 2), "is the file complete"},
      {"", "empty"},
      {"<a/>", "neither ISDOC's Invoice nor Pohoda's"},
      {"<CommonDocument xmlns=\"http://isdoc.cz/namespace/2013\"/>", "no invoice"},
      {"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "DOCTYPE"},
      {"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a>\xE8</a>", "line 2"},
      {"<?xml version=\"1.0\" encoding=\"klingon\"?><a/>", "encoding"},
      {std::string(100, '<'), "not well-formed"},
  };
  for (const Case& each : cases) {
    INFO(each.text.substr(0, 300));
    const Outcome outcome = outcome_of(each.text);
    CHECK(outcome.documents.empty());
    CHECK(outcome.error.find("file.xml line ") != std::string::npos);
    INFO(outcome.error);
    CHECK(outcome.error.find(each.wanted) != std::string::npos);
  }
}

TEST_CASE("each type of Pohoda's invoices is the right kind, credit notes the opposite one") {
  struct Case {
    std::string type;
    DocumentKind kind;
  };
  const std::vector<Case> cases = {
      {"issuedInvoice", DocumentKind::issued_invoice},
      {"issuedAdvanceInvoice", DocumentKind::issued_invoice},
      {"issuedCreditNotice", DocumentKind::received_invoice},
      {"receivable", DocumentKind::other_receivable},
      {"receivedInvoice", DocumentKind::received_invoice},
      {"receivedCreditNotice", DocumentKind::issued_invoice},
      {"commitment", DocumentKind::other_payable},
  };
  for (const Case& each : cases) {
    INFO(each.type);
    CHECK(only(outcome_of(pack(pohoda_invoice(each.type)))).kind == each.kind);
  }
  CHECK(only(outcome_of(pack(
                 pohoda_invoice("issuedInvoice", home_of("<typ:priceNone>-5</typ:priceNone>")))))
            .kind == DocumentKind::received_invoice);
  CHECK(outcome_of(pack(pohoda_invoice("internalDocument"))).error.find("internalDocument") !=
        std::string::npos);
}

TEST_CASE("Pohoda's total is the sum of its rates with its rounding") {
  struct Case {
    std::string summary;
    std::string wanted;  // an amount, or a part of the complaint
  };
  const std::vector<Case> cases = {
      {home_of("<typ:priceNone>10</typ:priceNone><typ:priceLowSum>112</typ:priceLowSum>"
               "<typ:priceHighSum>121.5</typ:priceHighSum><typ:price3Sum>0</typ:price3Sum>"),
       "243.50"},
      {home_of("<typ:priceHigh>100</typ:priceHigh><typ:priceHighVAT>21</typ:priceHighVAT>"),
       "121.00"},
      {home_of("<typ:priceHighSum>121.48</typ:priceHighSum><typ:round><typ:priceRound>-0.48"
               "</typ:priceRound></typ:round>"),
       "121.00"},
      {"<inv:roundingDocument>math2one</inv:roundingDocument>" +
           home_of("<typ:priceHighSum>121.50</typ:priceHighSum>"),
       "122.00"},
      {"<inv:roundingDocument>up2half</inv:roundingDocument>" +
           home_of("<typ:priceHighSum>121.50</typ:priceHighSum>"),
       "priceRound is missing"},
      {home_of("<typ:priceHigh>100</typ:priceHigh>"), "without its VAT"},
      {home_of("<typ:priceHighSum>1,5</typ:priceHighSum>"), "1,5"},
      {"", "gives no total"},
      {home + "<inv:foreignCurrency><typ:currency><typ:ids>EUR</typ:ids></typ:currency>"
              "<typ:priceSum>4.84</typ:priceSum></inv:foreignCurrency>",
       "4.84"},
      {home + "<inv:foreignCurrency><typ:currency><typ:ids>EUR</typ:ids></typ:currency>"
              "</inv:foreignCurrency>",
       "priceSum is missing"},
  };
  for (const Case& each : cases) {
    INFO(each.summary);
    const Outcome outcome = outcome_of(pack(pohoda_invoice("issuedInvoice", each.summary)));
    if (outcome.error.empty()) {
      CHECK(outcome.documents.at(0).amount.decimal() == each.wanted);
    } else {
      INFO(outcome.error);
      CHECK(outcome.error.find("line 3: invoice 101: ") != std::string::npos);
      CHECK(outcome.error.find(each.wanted) != std::string::npos);
    }
  }
}

TEST_CASE("a received invoice of Pohoda bears the supplier's number and account") {
  const Document document = only(outcome_of(pack(pohoda_invoice(
      "receivedInvoice", home, "260200017",
      "<inv:originalDocument>F-44</inv:originalDocument><inv:partnerIdentity><typ:address>"
      "<typ:company>Doprava</typ:company><typ:ico>99982</typ:ico></typ:address>"
      "</inv:partnerIdentity><inv:paymentAccount><typ:accountNo>1088382</typ:accountNo>"
      "<typ:bankCode>0300</typ:bankCode></inv:paymentAccount>"))));
  CHECK(document.number == "F-44");
  CHECK(document.partner.id == "00099982");
  CHECK(document.partner.account->str() == "1088382/0300");
}

TEST_CASE("a Pohoda file of another company, without invoices, or that deletes is refused") {
  CHECK(outcome_of(pack(pohoda_invoice("issuedInvoice"), them)).error.find("company 26099982") !=
        std::string::npos);
  CHECK(outcome_of(pack("")).error.find("no invoice") != std::string::npos);
  std::string deletion = pohoda_invoice("issuedInvoice");
  deletion.insert(deletion.find("<inv:invoiceHeader>"),
                  "<inv:actionType><ftr:delete/></inv:actionType>");
  CHECK(outcome_of(pack(deletion)).error.find("asks Pohoda to delete") != std::string::npos);
  CHECK(only(outcome_of(pack(pohoda_invoice("issuedInvoice")), std::nullopt)).number == "101");
}

TEST_CASE("every bad invoice of a Pohoda file is named, and the good ones come to nothing") {
  const Outcome outcome =
      outcome_of(pack(pohoda_invoice("issuedInvoice") + pohoda_invoice("issuedInvoice", "", "102") +
                      pohoda_invoice("receivedInvoice", home, "")));
  CHECK(outcome.error.find("line 4: invoice 102: ") != std::string::npos);
  CHECK(outcome.error.find("line 5, column number") != std::string::npos);
}

TEST_CASE("Pohoda's answer to a question for invoices is read too") {
  std::string text = pack(pohoda_invoice("issuedInvoice"));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"dat:dataPackItem>", "dat:responsePackItem>"}, {"dat:dataPack", "dat:responsePack"}}) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  CHECK(only(outcome_of(text)).number == "101");
}

TEST_CASE("the sample from Pohoda is in windows-1250") {
  std::ifstream input(PAYMENTCTL_TESTS "/../samples/invoices/pohoda.xml", std::ios::binary);
  std::vector<Document> documents;
  read_documents(
      input, "pohoda.xml", document_file_format("pohoda.xml", "<"),
      [&](const Document& document) { documents.push_back(document); }, us);
  REQUIRE(documents.size() == 2);
  CHECK(documents[0].partner.name == "Čajovna U Žlutého šálku s.r.o.");
  CHECK(documents[1].amount.decimal() == "2178.00");
}

TEST_CASE("a text without end is cut, a tag without end is refused, and depth has a bound") {
  struct Nothing : XmlListener {
    void end(std::string_view /*path*/, std::string_view text, int /*line*/) override {
      longest = std::max(longest, text.size());
    }
    std::size_t longest = 0;
  };
  const auto refusal = [](const std::string& text) -> std::string {
    Nothing nothing;
    std::istringstream input(text);
    try {
      read_xml(input, nothing);
    } catch (const XmlError& error) {
      return error.what();
    }
    CHECK(nothing.longest <= 65536);
    return "";
  };
  CHECK(refusal("<a>" + std::string(3'000'000, 'x') + "</a>").empty());
  CHECK(refusal("<a b=\"" + std::string(3'000'000, 'x') + "\"/>").find("1 MiB") !=
        std::string::npos);
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "<a>";
  CHECK(refusal(deep).find("more than 64") != std::string::npos);
}

TEST_CASE("a name's ending or its content tells a file's format") {
  CHECK(document_file_format("a.ISDOC", "") == DocumentFileFormat::xml);
  CHECK(document_file_format("a.xml", "") == DocumentFileFormat::xml);
  CHECK(document_file_format("a.isdocx", "") == DocumentFileFormat::isdocx);
  CHECK(document_file_format("a", "PK\x03\x04") == DocumentFileFormat::isdocx);
  CHECK(document_file_format("a", "\xEF\xBB\xBF\n<Invoice") == DocumentFileFormat::xml);
}
