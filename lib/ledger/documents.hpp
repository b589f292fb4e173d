#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "ledger/ledger.hpp"
#include "match/document_finder.hpp"
#include "model/document.hpp"
#include "platform/clock.hpp"

namespace paymentctl {

struct ImportCounts {
  int added = 0;
  int changed = 0;
  int unchanged = 0;
};

/// One import of documents; lives within Ledger::transaction(), which makes it all or nothing. A
/// document that is as it was is not written, so that an import of all open ones, again and again,
/// is in nobody's way.
class DocumentImport {
 public:
  DocumentImport(Ledger& ledger, BoxKey box, Timestamp now);

  /// Adds the document, or changes the one of the same company, kind, number (received kinds:
  /// partner too). `paid`, `outstanding` and `status` of `document` are not looked at. Error(data)
  /// with the document's name: the amount falls below what is paid; the currency changes after a
  /// payment; the same document was in this import already.
  void put(const Document& document);

  [[nodiscard]] const ImportCounts& counts() const { return counts_; }

  /// Ends the import. Without it a large one leaves the table without its indices.
  const ImportCounts& finish();

 private:
  struct Known;
  [[nodiscard]] std::optional<Known> find(const DocumentRef& document);
  void change(const Known& old, const Document& document);
  void something_new();
  void add_one();

  Ledger& ledger_;
  BoxKey box_;
  std::int64_t run_ = 0;
  Timestamp now_;
  ImportCounts counts_;
  std::unordered_set<std::int64_t> unchanged_;  ///< ids
  bool is_known_likely_ = false;                ///< as the last one was
  std::int64_t documents_before_ = 0;
  std::vector<std::string> indices_;  ///< statements that make those which were dropped
};

struct DocumentFilter {
  std::vector<DocumentStatus> statuses;  ///< empty: all
  std::optional<DocumentKind> kind;
  std::string number;      ///< exact; empty: all
  std::int64_t after = 0;  ///< only rows behind this one
  int limit = 1000;
};

struct DocumentRow {
  std::int64_t id = 0;
  Document document;
};

/// In the order of import.
std::vector<DocumentRow> list_documents(Ledger& ledger, BoxKey box, const DocumentFilter& filter);
/// All of them, however many, in pages of `limit`.
void each_document(Ledger& ledger, BoxKey box, DocumentFilter filter,
                   const std::function<void(const DocumentRow&)>& take);

std::optional<DocumentRow> find_document(Ledger& ledger, BoxKey box, const DocumentRef& document);

/// What the rules of matching ask, answered by the ledger. It must not outlive the ledger.
class LedgerDocuments : public DocumentFinder {
 public:
  /// The row of a document that was part of one of the latest answers; nullptr where it is not
  /// known.
  [[nodiscard]] virtual const DocumentRow* answered(const DocumentRef& document) const = 0;
  virtual void forget_answered() = 0;

  /// Within a transaction: asks a server once what the rules are going to ask of each of these.
  /// From then on changed() has to be told of every document that changes.
  virtual void expect(const std::vector<const Payment*>& payments) = 0;
  virtual void changed(const Document& document) = 0;
};
std::unique_ptr<LedgerDocuments> document_finder(Ledger& ledger, BoxKey box);

}  // namespace paymentctl
