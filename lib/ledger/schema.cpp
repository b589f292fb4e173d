#include "ledger/schema.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>

namespace paymentctl {
namespace {

/// Statements of one step forward. A step that has shipped is never changed: a new one follows it.
/// {id} is the type of a column that numbers its rows. Money is BIGINT hundredths beside an ISO
/// 4217 code, moments are seconds since 1970 UTC, days are texts YYYY-MM-DD.
using Migration = std::vector<std::string_view>;

const Migration first = {
    "CREATE TABLE company (id {id}, name TEXT NOT NULL UNIQUE, "
    // Grows whenever something new is there to be matched: payments that wait are then tried again.
    "revision BIGINT NOT NULL DEFAULT 0)",
    "CREATE TABLE box (id {id}, company_id BIGINT NOT NULL REFERENCES company(id), "
    "name TEXT NOT NULL, UNIQUE (company_id, name))",

    "CREATE TABLE message (id {id}, box_id BIGINT NOT NULL REFERENCES box(id), "
    "sha256 TEXT NOT NULL, body_digest TEXT NOT NULL, message_id TEXT NOT NULL, "
    "uidl TEXT NOT NULL, path TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL, "
    "state TEXT NOT NULL, format TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', "
    "fetched_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, UNIQUE (box_id, sha256))",
    "CREATE INDEX message_by_id ON message (box_id, message_id)",
    "CREATE INDEX message_by_state ON message (box_id, state, id)",
    "CREATE INDEX message_by_path ON message (box_id, path)",

    "CREATE TABLE document (id {id}, company_id BIGINT NOT NULL REFERENCES company(id), "
    "kind TEXT NOT NULL, number TEXT NOT NULL, "
    // The partner where he belongs to the name (received kinds), else empty.
    "number_of TEXT NOT NULL, side TEXT NOT NULL, partner_key TEXT NOT NULL, partner_id TEXT, "
    "partner_name TEXT, partner_account TEXT, variable_symbol TEXT, "
    // Without leading zeros; the digits of the number, also without.
    "symbol_digits TEXT NOT NULL, number_digits TEXT NOT NULL, currency TEXT NOT NULL, "
    "amount BIGINT NOT NULL CHECK (amount > 0), paid BIGINT NOT NULL CHECK (paid >= 0), "
    "written_off BIGINT NOT NULL DEFAULT 0 CHECK (written_off >= 0), "
    "outstanding BIGINT NOT NULL CHECK (outstanding >= 0), status TEXT NOT NULL, "
    "issued_on TEXT, due_on TEXT, import_run BIGINT NOT NULL, "
    "CHECK (status = 'cancelled' OR amount = paid + written_off + outstanding), "
    "UNIQUE (company_id, kind, number, number_of))",
    "CREATE INDEX document_by_symbol ON document (company_id, side, symbol_digits, outstanding)",
    "CREATE INDEX document_by_number ON document (company_id, side, number_digits, outstanding)",
    "CREATE INDEX document_by_partner ON document (company_id, side, partner_key, outstanding)",
    "CREATE INDEX document_by_account ON document (company_id, partner_account, partner_key)",
    "CREATE TABLE document_import (id {id}, company_id BIGINT NOT NULL REFERENCES company(id), "
    "at BIGINT NOT NULL)",
    // Learned from what a person assigned.
    "CREATE TABLE partner_account (company_id BIGINT NOT NULL REFERENCES company(id), "
    "account TEXT NOT NULL, partner_key TEXT NOT NULL, learned_at BIGINT NOT NULL, "
    "PRIMARY KEY (company_id, account, partner_key))",

    "CREATE TABLE payment (id {id}, company_id BIGINT NOT NULL REFERENCES company(id), "
    "box_id BIGINT NOT NULL REFERENCES box(id), bank TEXT NOT NULL, kind TEXT NOT NULL, "
    "direction TEXT NOT NULL, amount BIGINT NOT NULL CHECK (amount > 0), currency TEXT NOT NULL, "
    "booked_on TEXT NOT NULL, booked_time TEXT, own_account TEXT NOT NULL, counter_account TEXT, "
    "counter_name TEXT, variable_symbol TEXT, constant_symbol TEXT, specific_symbol TEXT, "
    "message TEXT, bank_reference TEXT, balance BIGINT, status TEXT NOT NULL, rule TEXT, "
    "unallocated BIGINT NOT NULL CHECK (unallocated >= 0 AND unallocated <= amount), "
    "why TEXT NOT NULL, duplicate_of BIGINT REFERENCES payment(id), "
    // Counts the times it was paired, so that each pairing has a cause of its own in the outbox.
    "pairing BIGINT NOT NULL DEFAULT 0, "
    // The company's revision when the rules were last asked; -1: they are to be asked again.
    "tried_revision BIGINT NOT NULL, posted_at BIGINT NOT NULL)",
    "CREATE INDEX payment_by_movement ON payment "
    "(company_id, own_account, amount, direction, booked_on)",
    "CREATE INDEX payment_by_status ON payment (company_id, status, id)",
    "CREATE INDEX payment_waiting ON payment (company_id, status, tried_revision, id)",
    "CREATE INDEX payment_by_original ON payment (duplicate_of)",
    "CREATE TABLE payment_source (id {id}, payment_id BIGINT NOT NULL REFERENCES payment(id), "
    "message_id BIGINT REFERENCES message(id), position BIGINT, statement_id BIGINT, line BIGINT, "
    "count BIGINT NOT NULL, format TEXT NOT NULL, policy TEXT NOT NULL, role TEXT NOT NULL, "
    "UNIQUE (message_id, position), UNIQUE (statement_id, line))",
    "CREATE INDEX source_by_payment ON payment_source (payment_id)",
    "CREATE TABLE candidate (payment_id BIGINT NOT NULL REFERENCES payment(id), "
    "position BIGINT NOT NULL, document_id BIGINT NOT NULL REFERENCES document(id), "
    "PRIMARY KEY (payment_id, position))",
    "CREATE TABLE allocation (payment_id BIGINT NOT NULL REFERENCES payment(id), "
    "position BIGINT NOT NULL, document_id BIGINT NOT NULL REFERENCES document(id), "
    "amount BIGINT NOT NULL CHECK (amount > 0), PRIMARY KEY (payment_id, document_id))",
    "CREATE INDEX allocation_by_document ON allocation (document_id)",

    "CREATE TABLE outbox (id {id}, box_id BIGINT NOT NULL REFERENCES box(id), "
    "cause TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, "
    "message_id TEXT NOT NULL, state TEXT NOT NULL, tries BIGINT NOT NULL DEFAULT 0, "
    "last_error TEXT NOT NULL DEFAULT '', written_at BIGINT NOT NULL, next_try BIGINT NOT NULL, "
    "ended_at BIGINT, UNIQUE (box_id, cause))",
    "CREATE INDEX outbox_by_state ON outbox (box_id, state, id)",
    "CREATE TABLE journal (id {id}, company_id BIGINT NOT NULL REFERENCES company(id), "
    "at BIGINT NOT NULL, who TEXT NOT NULL, subject TEXT NOT NULL, what TEXT NOT NULL, "
    "why TEXT NOT NULL)",
    "CREATE INDEX journal_by_subject ON journal (company_id, subject, id)",
    "CREATE TABLE run (id {id}, box_id BIGINT NOT NULL REFERENCES box(id), "
    "started BIGINT NOT NULL, ended BIGINT NOT NULL, exit_code BIGINT NOT NULL, "
    "summary TEXT NOT NULL, error TEXT NOT NULL)",
    "CREATE INDEX run_by_box ON run (box_id, id)",
};

// What a person does by hand. An allocation knows which notification told of it; before this step
// every payment was paired once.
const Migration second = {
    "ALTER TABLE allocation ADD COLUMN pairing BIGINT NOT NULL DEFAULT 1",
    // A person took the document off the payment: the rules do not put it back.
    "CREATE TABLE taken_off (payment_id BIGINT NOT NULL REFERENCES payment(id), "
    "document_id BIGINT NOT NULL REFERENCES document(id), PRIMARY KEY (payment_id, document_id))",
};

// Statements of accounts. Before this step every payment was told by a notice.
const Migration third = {
    "CREATE TABLE statement (id {id}, company_id BIGINT NOT NULL REFERENCES company(id), "
    "box_id BIGINT NOT NULL REFERENCES box(id), path TEXT NOT NULL, sha256 TEXT NOT NULL, "
    "position BIGINT NOT NULL, format TEXT NOT NULL, own_account TEXT NOT NULL, "
    "currency TEXT NOT NULL, number TEXT NOT NULL, from_day TEXT NOT NULL, to_day TEXT NOT NULL, "
    "opening BIGINT NOT NULL, closing BIGINT NOT NULL, movements BIGINT NOT NULL, "
    "imported_at BIGINT NOT NULL, UNIQUE (company_id, sha256, position))",
    "CREATE INDEX statement_by_account ON statement (company_id, own_account, to_day)",
    // In payment_source, line counts the movements of a statement, file_line the lines of its file;
    // identity is the movement's own, kept with the first statement that told of it.
    "ALTER TABLE payment_source ADD COLUMN file_line BIGINT",
    "ALTER TABLE payment_source ADD COLUMN identity TEXT",
    "CREATE UNIQUE INDEX source_by_identity ON payment_source (identity)",
    // The bank takes a movement back: no rule settles anything by it.
    "ALTER TABLE payment ADD COLUMN reversal BIGINT NOT NULL DEFAULT 0",
    // Who told of it: 1 a notice, 2 a statement, 3 both.
    "ALTER TABLE payment ADD COLUMN told BIGINT NOT NULL DEFAULT 1",
    "CREATE INDEX payment_by_telling ON payment (company_id, own_account, told, amount, direction, "
    "variable_symbol, booked_on)",
};

// What proves the sender of a mail. A mail with a name on a server came from a mailbox.
const Migration fourth = {
    "ALTER TABLE message ADD COLUMN origin TEXT NOT NULL DEFAULT 'file'",
    "ALTER TABLE message ADD COLUMN suspicion TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE message ADD COLUMN released BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE message ADD COLUMN evidence TEXT NOT NULL DEFAULT ''",
    "UPDATE message SET origin = 'mailbox' WHERE uidl <> ''",
};

// A million documents: what most of them do not have, or have twice, is not indexed; they are
// counted and listed by status.
const Migration fifth = {
    "DROP INDEX document_by_number",
    "CREATE INDEX document_by_number ON document (company_id, side, number_digits, outstanding) "
    "WHERE number_digits <> symbol_digits",
    "DROP INDEX document_by_account",
    "CREATE INDEX document_by_account ON document (company_id, partner_account, partner_key) "
    "WHERE partner_account IS NOT NULL",
    "CREATE INDEX document_by_status ON document (company_id, status)",
    "CREATE INDEX payment_by_account ON payment (company_id, counter_account, id) "
    "WHERE counter_account IS NOT NULL",
};

// What changes with every payment stands in as few indices as possible: in a ledger of a million
// documents each of them is one more page to write.
const Migration sixth = {
    "DROP INDEX document_by_status",
    "DROP INDEX document_by_symbol",
    "CREATE INDEX document_by_symbol ON document (company_id, side, symbol_digits)",
};

// A signed mail that is sent again has the same signed text, whatever became of its headers.
const Migration seventh = {
    "ALTER TABLE message ADD COLUMN signed_text TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX message_by_signed_text ON message (box_id, signed_text) WHERE signed_text <> ''",
};

// How often a service repeats its runs, in seconds; 0 for a run of its own.
const Migration eighth = {
    "ALTER TABLE run ADD COLUMN every BIGINT NOT NULL DEFAULT 0",
};

// Several machines: whose turn a box is, and the mails themselves, since the machine that fetched
// one may be gone. Deflated and in base64, so that it is a text in every database. What archive
// prune has removed is not missed.
const Migration ninth = {
    "CREATE TABLE lease (box_id BIGINT NOT NULL PRIMARY KEY REFERENCES box(id), "
    "owner TEXT NOT NULL, epoch BIGINT NOT NULL, began_at BIGINT NOT NULL, "
    "ends_at BIGINT NOT NULL)",
    "CREATE TABLE raw_mail (message_id BIGINT NOT NULL PRIMARY KEY REFERENCES message(id), "
    "size BIGINT NOT NULL, content TEXT NOT NULL)",
    "ALTER TABLE message ADD COLUMN pruned BIGINT NOT NULL DEFAULT 0",
};

const std::array migrations = {&first, &second,  &third,  &fourth, &fifth,
                               &sixth, &seventh, &eighth, &ninth};

/// 0 for a database without tables, negative for a copy that is not finished.
int version_of(Database& database) {
  Dialect& dialect = database.dialect();
  soci::session& session = database.session();
  try {
    if (!dialect.has_table(session, "schema_version")) {
      if (dialect.is_empty(session)) return 0;
      // Another process may have made the ledger between the two looks.
      if (!dialect.has_table(session, "schema_version")) {
        throw Error(ExitCode::data,
                    fmt::format("{} is the database of another program; check the key ledger in "
                                "box.xml",
                                database.location()));
      }
    }
    int version = 0;
    session << "SELECT MAX(version) FROM schema_version", soci::into(version);
    return version;
  } catch (const soci::soci_error& error) {
    dialect.refuse(session, error);
    throw;
  }
}

std::string filled(std::string_view statement, std::string_view identity) {
  std::string text(statement);
  if (const auto place = text.find("{id}"); place != std::string::npos) {
    text.replace(place, 4, identity);
  }
  return text;
}

void step(Database& database, int to) {
  database.transaction([&] {
    // Another process may have been here between our look and our lock.
    const int from = version_of(database);
    if (from >= to) return;
    if (from == 0) {
      database.execute("CREATE TABLE schema_version (version BIGINT NOT NULL)");
    } else {
      // First, so that where no lock is taken at the start two do not change the tables at once.
      database.execute("DELETE FROM schema_version");
    }
    for (const std::string_view statement : *migrations.at(static_cast<std::size_t>(to) - 1)) {
      database.execute(filled(statement, database.dialect().identity_column()));
    }
    database.execute(fmt::format("INSERT INTO schema_version (version) VALUES ({})", to));
  });
}

}  // namespace

const std::vector<LedgerTable>& ledger_tables() {
  static const std::string of_company = "company_id = :company";
  static const std::string of_box = "box_id IN (SELECT id FROM box WHERE company_id = :company)";
  static const std::string of_payment =
      "payment_id IN (SELECT id FROM payment WHERE company_id = :company)";
  static const std::vector<LedgerTable> tables = {
      {"company", {"id"}, "id = :company"},
      {"box", {"id"}, of_company},
      {"message", {"id"}, of_box},
      // Of a company's those that are still to be posted.
      {"raw_mail",
       {"message_id"},
       "message_id IN (SELECT id FROM message WHERE state = 'fetched' AND " + of_box + ")"},
      {"document", {"id"}, of_company},
      {"document_import", {"id"}, of_company},
      {"partner_account", {"company_id", "account", "partner_key"}, of_company},
      {"payment", {"id"}, of_company},
      {"statement", {"id"}, of_company},
      {"payment_source", {"id"}, of_payment},
      {"candidate", {"payment_id", "position"}, of_payment},
      {"allocation", {"payment_id", "document_id"}, of_payment},
      {"taken_off", {"payment_id", "document_id"}, of_payment},
      {"outbox", {"id"}, of_box},
      {"journal", {"id"}, of_company},
      {"run", {"id"}, of_box},
  };
  return tables;
}

int newest_schema_version() { return static_cast<int>(migrations.size()); }

void mark_unfinished(Database& database, bool unfinished) {
  database.run(fmt::format("UPDATE schema_version SET version = -version WHERE version {} 0",
                           unfinished ? '>' : '<'));
}

void migrate(Database& database, bool may_write, bool takes_unfinished) {
  const int version = version_of(database);
  const int newest = newest_schema_version();
  if (version < 0) {
    if (takes_unfinished && version == -newest) return;
    throw Error(ExitCode::data,
                fmt::format("{} is what a `ledger move` that was broken off has left; call it "
                            "again, or remove it where it was begun by another version: "
                            "paymentctl ledger move FROM {}",
                            database.location(), database.location()));
  }
  if (version > newest) {
    throw Error(
        ExitCode::config,
        fmt::format("ledger {} was written by a newer paymentctl (schema {}, this one knows "
                    "{}); update paymentctl on this machine",
                    database.location(), version, newest));
  }
  if (version < newest && !may_write) {
    throw Error(ExitCode::config,
                fmt::format("ledger {} has the older schema {} (this paymentctl wants {}); a `run` "
                            "brings it up to date",
                            database.location(), version, newest));
  }
  for (int next = version + 1; next <= newest; ++next) step(database, next);
}

}  // namespace paymentctl
