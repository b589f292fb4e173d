#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "ledger/database.hpp"
#include "ledger/documents.hpp"
#include "ledger/ledger.hpp"
#include "ledger/messages.hpp"
#include "platform/random.hpp"
#include "platform/sha256.hpp"

/// The server on which the ledgers of these tests are to be kept; nullopt for SQLite's files.
inline std::optional<std::string> test_server() {
  const char* url = std::getenv("PAYMENTCTL_TEST_SERVER");
  return url == nullptr || *url == '\0' ? std::nullopt : std::optional<std::string>(url);
}

/// A folder of its own for a test, gone with it, and a ledger: a file in it, or a schema of its own
/// on test_server().
class Scratch {
 public:
  Scratch() : folder_(std::filesystem::temp_directory_path() / paymentctl::random_uuid()) {
    std::filesystem::create_directories(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] std::string file() const { return path("paymentctl.db").string(); }
  [[nodiscard]] std::string ledger() const {
    const auto server = test_server();
    if (!server) return file();
    paymentctl::Database database(*server, paymentctl::postgresql_dialect(*server, 1000));
    database.open(paymentctl::LedgerAccess::create);
    database.execute("CREATE SCHEMA IF NOT EXISTS " + schema_);
    return *server + "&options=-csearch_path%3D" + schema_;
  }
  /// Of what ledger() names.
  [[nodiscard]] std::unique_ptr<paymentctl::Dialect> dialect() const {
    return test_server() ? paymentctl::postgresql_dialect(ledger(), 1000)
                         : paymentctl::sqlite_dialect(file(), 1000);
  }

 private:
  static std::string schema_name() {
    std::string name = "t" + paymentctl::random_uuid();
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
  }

  std::filesystem::path folder_;
  std::string schema_ = schema_name();
};

inline paymentctl::Amount money_of(const char* decimal) {
  return paymentctl::Amount::from_decimal(decimal).value();
}

inline paymentctl::Timestamp at_noon() {
  return paymentctl::Timestamp(std::chrono::seconds(1'800'000'000));
}

inline paymentctl::Document invoice(const std::string& number, const char* amount,
                                    const std::string& partner = "26012345") {
  paymentctl::Document document;
  document.number = number;
  document.variable_symbol = number;
  document.amount = money_of(amount);
  document.outstanding = document.amount;
  document.partner.id = partner;
  document.partner.name = "Vzorná s.r.o.";
  return document;
}

inline void put_documents(paymentctl::Ledger& ledger, paymentctl::BoxKey box,
                          const std::vector<paymentctl::Document>& documents) {
  ledger.transaction([&] {
    paymentctl::DocumentImport import(ledger, box, at_noon());
    for (const auto& document : documents) import.put(document);
    import.finish();
  });
}

/// Records a mail whose bytes are `text`; its digest.
inline std::string put_mail(paymentctl::Ledger& ledger, paymentctl::BoxKey box,
                            const std::string& text) {
  paymentctl::FetchedMail mail;
  mail.sha256 = paymentctl::sha256(text);
  mail.body_digest = paymentctl::mail_body_digest(text);
  mail.path = "2026-08-24/" + text + ".eml";
  mail.fetched_at = at_noon();
  paymentctl::record_fetched(ledger, box, {mail});
  return mail.sha256;
}
