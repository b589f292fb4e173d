#include "match/words.hpp"

#include <fmt/format.h>

namespace paymentctl {
namespace {

constexpr std::size_t most_named = 5;

std::string_view word_of(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::issued_invoice:
      return "issued invoice";
    case DocumentKind::received_invoice:
      return "received invoice";
    case DocumentKind::other_receivable:
      return "receivable";
    case DocumentKind::other_payable:
      return "payable";
  }
  return "document";
}

}  // namespace

std::string money(Amount amount, Currency currency) {
  return fmt::format("{} {}", amount.decimal(), currency.code());
}

std::string named(const Document& document) {
  return fmt::format("{} {}", word_of(document.kind), document.number);
}

std::string named(const std::vector<Document>& documents) {
  std::string text;
  for (std::size_t i = 0; i < documents.size() && i < most_named; ++i) {
    if (i > 0) text += i + 1 == documents.size() ? " and " : ", ";
    text += named(documents[i]);
  }
  if (documents.size() > most_named) {
    text += fmt::format(" and {} more", documents.size() - most_named);
  }
  return text;
}

}  // namespace paymentctl
