#include "ledger/raw_mail.hpp"

#include <catch2/catch.hpp>

#include "scratch.hpp"

using namespace paymentctl;

namespace {

FetchedMail mail_of(std::string_view bytes) {
  FetchedMail mail;
  mail.sha256 = sha256(bytes);
  mail.body_digest = mail_body_digest(bytes);
  mail.path = "2026-08-24/a.eml";
  mail.fetched_at = at_noon();
  mail.raw = bytes;
  return mail;
}

}  // namespace

TEST_CASE("a mail that the ledger keeps comes back byte for byte") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  std::string every_byte;
  for (int i = 0; i < 2000; ++i) every_byte.push_back(static_cast<char>(i));
  for (const std::string& bytes : {std::string("x"), std::string("Subject: a\r\n\r\nbody"),
                                   every_byte, std::string(1'000'000, 'a')}) {
    REQUIRE(record_fetched(ledger, box, {mail_of(bytes)})[0].is_new());
    const auto row = find_message(ledger, box, sha256(bytes));
    REQUIRE(row);
    CHECK(raw_mail(ledger, box, row->id) == bytes);
    CHECK_FALSE(raw_mail(ledger, ledger.box("default", "other"), row->id));
    set_pruned(ledger, box, {row->id});
    CHECK_FALSE(raw_mail(ledger, box, row->id));
    CHECK(find_message(ledger, box, row->id)->pruned);
  }
}

TEST_CASE("what is no longer the mail that was recorded is none") {
  const Scratch scratch;
  Ledger ledger = Ledger::open(scratch.ledger());
  const BoxKey box = ledger.box("default", "box");
  record_fetched(ledger, box, {mail_of("Subject: a\n\nbody")});
  const auto id = fetched_mails(ledger, box, 0, 1).at(0).id;
  for (const char* damage :
       {"UPDATE raw_mail SET size = size + 1", "UPDATE raw_mail SET size = -1",
        "UPDATE raw_mail SET size = 9000000000000000000", "UPDATE raw_mail SET content = 'AAAA'",
        "UPDATE raw_mail SET content = '%'", "UPDATE raw_mail SET content = ''"}) {
    ledger.database().execute(damage);
    CHECK_FALSE(raw_mail(ledger, box, id));
  }
}
