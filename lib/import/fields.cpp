#include "import/fields.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/error.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

using namespace document_field;

constexpr std::size_t most_complaints = 20;
constexpr std::size_t longest_value = 500;
constexpr std::size_t longest_shown = 60;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// UTF-8 without control characters.
bool is_plain_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && byte < 0xC2) || byte > 0xF4) return false;
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (i + length > text.size()) return false;
    for (std::size_t next = 1; next < length; ++next) {
      if (!is_continuation(text[i + next])) return false;
    }
    const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if ((byte == 0xE0 && second < 0xA0) || (byte == 0xED && second > 0x9F) ||
        (byte == 0xF0 && second < 0x90) || (byte == 0xF4 && second > 0x8F)) {
      return false;
    }
    i += length;
  }
  return true;
}

std::string shown(std::string_view value) {
  std::string text;
  for (const char byte : value) {
    if (text.size() >= longest_shown) return text + "…";
    const auto code = static_cast<unsigned char>(byte);
    text.push_back(code < 0x20 || code == 0x7F ? '?' : byte);
  }
  return is_plain_text(text) ? text : "text that is not UTF-8";
}

DocumentKind opposite(DocumentKind value) {
  switch (value) {
    case DocumentKind::issued_invoice:
      return DocumentKind::received_invoice;
    case DocumentKind::received_invoice:
      return DocumentKind::issued_invoice;
    case DocumentKind::other_receivable:
      return DocumentKind::other_payable;
    case DocumentKind::other_payable:
      return DocumentKind::other_receivable;
  }
  return value;
}

std::optional<std::string> symbol_from_number(std::string_view text) {
  std::string digits;
  for (const char character : text) {
    if (character >= '0' && character <= '9') digits.push_back(character);
  }
  if (digits.empty() || digits.size() > 10) return std::nullopt;
  return digits;
}

std::optional<std::string> text_or_absent(const std::string& value) {
  return value.empty() ? std::nullopt : std::optional(value);
}

/// Reads the members of a document one by one and remembers whether all were right.
class FieldReader {
 public:
  FieldReader(const DocumentFields& fields, int line, Complaints& complaints)
      : fields_(fields), line_(line), complaints_(complaints) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (fields[i].size() > longest_value)
        refuse(i, "at most 500 bytes");
      else if (!is_plain_text(fields[i]))
        refuse(i, "UTF-8 without control characters; save the file as UTF-8");
    }
  }

  void refuse(std::size_t column, std::string_view wanted) {
    good_ = false;
    complaints_.add_value(line_, document_columns_known.at(column), fields_.at(column), wanted);
  }

  /// A value that `parse` understands; absent is nullopt without a complaint.
  template <typename Parse>
  auto optional(Column column, std::string_view wanted, Parse&& parse)
      -> decltype(parse(std::string_view())) {
    if (fields_.at(column).empty()) return std::nullopt;
    auto value = parse(std::string_view(fields_.at(column)));
    if (!value) refuse(column, wanted);
    return value;
  }

  [[nodiscard]] bool good() const { return good_; }

 private:
  const DocumentFields& fields_;
  int line_;
  Complaints& complaints_;
  bool good_ = true;
};

std::optional<Document> document_of(const DocumentFields& fields, int line,
                                    Complaints& complaints) {
  FieldReader reader(fields, line, complaints);
  if (!reader.good()) return std::nullopt;
  Document document;
  for (const Column required : {kind, number, amount}) {
    if (fields.at(required).empty()) reader.refuse(required, "a value, since this is required");
  }
  if (const auto value = reader.optional(
          kind, "issued_invoice, received_invoice, other_receivable or other_payable",
          [](std::string_view text) { return value_of<DocumentKind>(text); })) {
    document.kind = *value;
  }
  document.number = fields[number];
  if (const auto value =
          reader.optional(amount, "a decimal such as 10890.00, not 0, at most 999999999999.99",
                          [](std::string_view text) -> std::optional<Amount> {
                            const auto parsed = Amount::from_decimal(text);
                            return parsed && !parsed->is_zero() ? parsed : std::nullopt;
                          })) {
    document.amount = *value;
  }
  document.partner.id = text_or_absent(fields[partner_id]);
  document.partner.name = text_or_absent(fields[partner_name]);
  document.partner.account = reader.optional(
      partner_account, "an account such as 19-2000145399/0800 or an IBAN, whose check digits hold",
      [](std::string_view text) { return AccountNumber::parse(text); });
  document.variable_symbol = reader.optional(
      variable_symbol, "1 to 10 digits", [](std::string_view text) -> std::optional<std::string> {
        if (text.size() > 10 || !ascii::digits_only(text)) return std::nullopt;
        return std::string(text);
      });
  if (fields[variable_symbol].empty()) {
    document.variable_symbol = symbol_from_number(document.number);
  }
  document.currency = reader
                          .optional(currency, "three capital letters such as CZK",
                                    [](std::string_view text) { return Currency::from_code(text); })
                          .value_or(Currency::czk());
  const auto day = [](std::string_view text) { return Date::from_iso(text); };
  document.issued_on = reader.optional(issued_on, "a day as YYYY-MM-DD", day);
  document.due_on = reader.optional(due_on, "a day as YYYY-MM-DD", day);
  if (!reader.good()) return std::nullopt;
  if (document.amount.is_negative()) {
    document.kind = opposite(document.kind);
    document.amount = -document.amount;
  }
  document.outstanding = document.amount;
  return document;
}

}  // namespace

std::optional<std::size_t> document_column(std::string_view name) {
  const auto found = std::find(document_columns_known.begin(), document_columns_known.end(), name);
  if (found == document_columns_known.end()) return std::nullopt;
  return static_cast<std::size_t>(found - document_columns_known.begin());
}

void Complaints::add(int line, std::string_view column, const std::string& text) {
  texts_.push_back(column.empty()
                       ? fmt::format("{} line {}: {}", file_, line, text)
                       : fmt::format("{} line {}, column {}: {}", file_, line, column, text));
  if (texts_.size() == most_complaints) {
    texts_.emplace_back("there may be more; correct these first");
    throw_if_any();
  }
}

void Complaints::add_value(int line, std::string_view column, std::string_view value,
                           std::string_view wanted) {
  add(line, column, fmt::format("\"{}\" is not what is wanted: {}", shown(value), wanted));
}

void Complaints::throw_if_any() const {
  if (texts_.empty()) return;
  throw Error(ExitCode::data, fmt::format("{}", fmt::join(texts_, "\n")));
}

void take_document(const DocumentFields& fields, int line, Complaints& complaints,
                   const DocumentSink& sink) {
  const auto document = document_of(fields, line, complaints);
  if (!document) return;
  try {
    sink(*document);
  } catch (const Error& error) {
    if (error.code() != ExitCode::data) throw;
    complaints.add(line, {}, error.what());
  }
}

}  // namespace paymentctl
