#include "post/named_document.hpp"

#include <fmt/format.h>

#include "model/error.hpp"
#include "model/names.hpp"

namespace paymentctl {
namespace {

std::string described(const Document& document) {
  const Partner& partner = document.partner;
  return fmt::format("{} {}{}", name_of(document.kind), document.number,
                     partner.id     ? " of " + *partner.id
                     : partner.name ? " of " + *partner.name
                                    : std::string());
}

}  // namespace

DocumentRow named_document(Ledger& ledger, BoxKey box, const DocumentName& name,
                           const Payment* payment) {
  DocumentFilter filter;
  filter.kind = name.kind;
  filter.number = name.number;
  std::vector<DocumentRow> found = list_documents(ledger, box, filter);
  std::erase_if(found, [&](const DocumentRow& row) {
    const Partner& partner = row.document.partner;
    return !name.partner.empty() && partner.id != name.partner && partner.name != name.partner;
  });
  if (found.empty()) {
    const bool has_amount = name.number.find('=') != std::string::npos;
    throw Error(ExitCode::data,
                fmt::format("there is no document {}; {}see: paymentctl documents list",
                            name.number, has_amount ? "write an amount as 500.00, or " : ""));
  }
  if (payment != nullptr) {
    const std::string first = described(found.front().document);
    std::erase_if(found, [&](const DocumentRow& row) {
      return settled_by(row.document.kind) != payment->direction;
    });
    if (found.empty()) {
      throw Error(ExitCode::data, fmt::format("{} is not settled by {} payments", first,
                                              name_of(payment->direction)));
    }
    std::vector<DocumentRow> open;
    for (const DocumentRow& row : found) {
      if (!row.document.outstanding.is_zero()) open.push_back(row);
    }
    if (open.size() == 1) return std::move(open.front());
  }
  if (found.size() > 1) {
    std::string all;
    for (const DocumentRow& row : found) all += (all.empty() ? "" : ", ") + described(row.document);
    throw Error(ExitCode::data,
                fmt::format("several documents have the number {}: {}; choose one with --kind or "
                            "--partner",
                            name.number, all));
  }
  return std::move(found.front());
}

}  // namespace paymentctl
