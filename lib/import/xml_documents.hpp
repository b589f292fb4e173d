#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/fields.hpp"
#include "import/xml_reader.hpp"

namespace paymentctl {

// What the readers of invoices in XML share. Each is a listener that hands on what is below the
// root; its constructor takes where to complain and where documents go.

/// The ISDOC invoice: one a file.
std::unique_ptr<XmlListener> isdoc_listener(const OwnParty& own_party, Complaints& complaints,
                                            const DocumentSink& sink);

/// Pohoda's dataPack, responsePack or listInvoice: any number of invoices a file.
std::unique_ptr<XmlListener> pohoda_listener(const OwnParty& own_party, Complaints& complaints,
                                             const DocumentSink& sink);

/// The texts of some elements of an invoice, by their paths below it.
class XmlTexts {
 public:
  /// `wanted` must outlive it.
  explicit XmlTexts(const std::vector<std::string_view>& wanted) : wanted_(wanted) {}

  /// Keeps the text when it is wanted and not empty. XmlError when another text stands there
  /// already: nobody can tell which of the two counts.
  void take(std::string_view path, std::string_view text, int line);

  /// Empty where there is none.
  [[nodiscard]] const std::string& of(std::string_view path) const;
  void clear() { texts_.clear(); }

 private:
  const std::vector<std::string_view>& wanted_;
  std::map<std::string, std::string, std::less<>> texts_;
};

/// "10890.0000" as "10890.00": XML has any number of decimals; more than two that count stay, so
/// that whoever reads the amount refuses it.
std::string xml_decimal(std::string_view text);

/// "2026-08-24+02:00" and "2026-08-24T00:00:00" as "2026-08-24"; anything else as it is.
std::string xml_day(std::string_view text);

/// A company number as eight digits where it is one to eight of them, else as it is.
std::string eight_digits(std::string_view company_number);

/// The account as text, or empty where there is none whose check digits hold: the account is only
/// one of several ways to a partner, so an invoice need not fail for it.
std::string account_or_nothing(std::string_view number, std::string_view bank,
                               std::string_view iban = {});

}  // namespace paymentctl
