#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "import/documents.hpp"

namespace paymentctl {

/// The columns of interface.md, in its order.
inline constexpr std::array<std::string_view, 10> document_columns_known = {
    "kind",     "number", "partner_id", "partner_name", "partner_account", "variable_symbol",
    "currency", "amount", "issued_on",  "due_on"};

/// Their indices.
namespace document_field {
enum Column {
  kind,
  number,
  partner_id,
  partner_name,
  partner_account,
  variable_symbol,
  currency,
  amount,
  issued_on,
  due_on
};
}

/// The values of one document as texts, by the index of their column; an empty one is absent.
using DocumentFields = std::array<std::string, document_columns_known.size()>;

std::optional<std::size_t> document_column(std::string_view name);

/// Collects what is wrong with a file, so that a person sees more than the first mistake.
class Complaints {
 public:
  explicit Complaints(std::string_view file) : file_(file) {}

  /// Throws what was collected once there are 20 of them.
  void add(int line, std::string_view column, const std::string& text);
  /// One complaint about a value.
  void add_value(int line, std::string_view column, std::string_view value,
                 std::string_view wanted);
  [[nodiscard]] std::size_t count() const { return texts_.size(); }
  /// Throws Error(data) when there is any.
  void throw_if_any() const;

 private:
  std::string file_;
  std::vector<std::string> texts_;
};

/// Turns the texts into a document and hands it to `sink`; complains about each value that is
/// wrong, and about what the sink refuses.
void take_document(const DocumentFields& fields, int line, Complaints& complaints,
                   const DocumentSink& sink);

void read_csv(std::istream& input, Complaints& complaints, const DocumentSink& sink);
void read_json(std::istream& input, Complaints& complaints, const DocumentSink& sink);
void read_ndjson(std::istream& input, Complaints& complaints, const DocumentSink& sink);

/// Our IČO, where box.xml tells it (ownParty): eight digits.
using OwnParty = std::optional<std::string>;
/// One ISDOC invoice or any number of Pohoda's, by the root element.
void read_xml_documents(std::istream& input, const OwnParty& own_party, Complaints& complaints,
                        const DocumentSink& sink);
/// The ISDOC invoice of an .isdocx.
void read_isdocx(std::istream& input, const OwnParty& own_party, Complaints& complaints,
                 const DocumentSink& sink);

}  // namespace paymentctl
