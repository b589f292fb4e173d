#include "notify/texts.hpp"

#include <catch2/catch.hpp>

#include "model/error.hpp"

using namespace paymentctl;

namespace {

constexpr const char* partner = "Smetáček a lopatka, spol. s r.o.";

Amount kc(const char* decimal) { return Amount::from_decimal(decimal).value(); }

Document document(DocumentKind kind, const char* outstanding = "0.00") {
  Document made;
  made.kind = kind;
  made.number = "130100024";
  made.partner.name = partner;
  made.amount = kc("10890.00");
  made.outstanding = kc(outstanding);
  made.paid = made.amount - made.outstanding;
  made.status = made.outstanding.is_zero() ? DocumentStatus::paid : DocumentStatus::partially_paid;
  return made;
}

MatchResult match_of(const std::vector<Document>& documents, MatchStatus status,
                     const char* unallocated = "0.00") {
  MatchResult match;
  match.status = status;
  match.unallocated = kc(unallocated);
  for (const Document& settled : documents) {
    match.allocations.push_back({{settled.kind, settled.number, {}}, settled.paid});
  }
  return match;
}

MailText told(Language language, const Document& settled, MatchStatus status,
              const char* unallocated = "0.00") {
  return payment_notification(language, match_of({settled}, status, unallocated), {settled});
}

}  // namespace

TEST_CASE("each case of a paired payment has its sentence in both languages") {
  struct Row {
    DocumentKind kind;
    const char* outstanding;
    MatchStatus status;
    const char* on_top;
    const char* english;
    const char* czech;
  };
  const Row rows[] = {
      {DocumentKind::issued_invoice, "0.00", MatchStatus::paid, "0.00",
       "Outgoing invoice No. 130100024 issued to the company Smetáček a lopatka, spol. s r.o. in "
       "the amount of CZK 10,890.00 was paid.\n",
       "Vydaná faktura č. 130100024 vystavená firmě Smetáček a lopatka, spol. s r.o. na částku "
       "10 890,00 Kč byla uhrazena.\n"},
      {DocumentKind::issued_invoice, "5890.00", MatchStatus::partially_paid, "0.00",
       "Outgoing invoice No. 130100024 issued to the company Smetáček a lopatka, spol. s r.o. in "
       "the amount of CZK 10,890.00 was partially paid: CZK 5,000.00 received, CZK 5,890.00 "
       "outstanding.\n",
       "Vydaná faktura č. 130100024 vystavená firmě Smetáček a lopatka, spol. s r.o. na částku "
       "10 890,00 Kč byla částečně uhrazena: přijato 5 000,00 Kč, zbývá 5 890,00 Kč.\n"},
      {DocumentKind::issued_invoice, "0.00", MatchStatus::overpaid, "110.00",
       "Outgoing invoice No. 130100024 issued to the company Smetáček a lopatka, spol. s r.o. in "
       "the amount of CZK 10,890.00 was paid; CZK 110.00 was received on top.\n",
       "Vydaná faktura č. 130100024 vystavená firmě Smetáček a lopatka, spol. s r.o. na částku "
       "10 890,00 Kč byla uhrazena; navíc přijato 110,00 Kč.\n"},
      {DocumentKind::received_invoice, "0.00", MatchStatus::paid, "0.00",
       "Incoming invoice No. 130100024 issued by the company Smetáček a lopatka, spol. s r.o. in "
       "the amount of CZK 10,890.00 was paid.\n",
       "Přijatá faktura č. 130100024 od firmy Smetáček a lopatka, spol. s r.o. na částku "
       "10 890,00 Kč byla uhrazena.\n"},
      {DocumentKind::received_invoice, "5890.00", MatchStatus::partially_paid, "0.00",
       "Incoming invoice No. 130100024 issued by the company Smetáček a lopatka, spol. s r.o. in "
       "the amount of CZK 10,890.00 was partially paid: CZK 5,000.00 paid, CZK 5,890.00 "
       "outstanding.\n",
       "Přijatá faktura č. 130100024 od firmy Smetáček a lopatka, spol. s r.o. na částku "
       "10 890,00 Kč byla částečně uhrazena: zaplaceno 5 000,00 Kč, zbývá 5 890,00 Kč.\n"},
      {DocumentKind::other_receivable, "0.00", MatchStatus::paid, "0.00",
       "Receivable No. 130100024 from the company Smetáček a lopatka, spol. s r.o. in the amount "
       "of "
       "CZK 10,890.00 was paid.\n",
       "Pohledávka č. 130100024 za firmou Smetáček a lopatka, spol. s r.o. na částku 10 890,00 Kč "
       "byla uhrazena.\n"},
      {DocumentKind::other_payable, "0.00", MatchStatus::overpaid, "110.00",
       "Payable No. 130100024 to the company Smetáček a lopatka, spol. s r.o. in the amount of "
       "CZK 10,890.00 was paid; CZK 110.00 was paid on top.\n",
       "Závazek č. 130100024 vůči firmě Smetáček a lopatka, spol. s r.o. na částku 10 890,00 Kč "
       "byl uhrazen; navíc zaplaceno 110,00 Kč.\n"},
  };
  for (const Row& row : rows) {
    const Document settled = document(row.kind, row.outstanding);
    CHECK(told(Language::en, settled, row.status, row.on_top).text == row.english);
    CHECK(told(Language::cs, settled, row.status, row.on_top).text == row.czech);
  }
}

TEST_CASE("without a partner's name the part about the company is left out") {
  Document settled = document(DocumentKind::issued_invoice);
  settled.partner.name = std::nullopt;
  CHECK(told(Language::en, settled, MatchStatus::paid).text ==
        "Outgoing invoice No. 130100024 in the amount of CZK 10,890.00 was paid.\n");
  settled.partner.name = " \t";
  CHECK(told(Language::cs, settled, MatchStatus::paid).text ==
        "Vydaná faktura č. 130100024 na částku 10 890,00 Kč byla uhrazena.\n");
}

TEST_CASE("several documents are told in one mail, one sentence each") {
  std::vector<Document> both = {document(DocumentKind::issued_invoice),
                                document(DocumentKind::other_receivable)};
  both[1].number = "7";
  const MailText mail = payment_notification(Language::cs, match_of(both, MatchStatus::paid), both);
  CHECK(mail.subject == "Uhrazeno: 2 doklady");
  CHECK(std::count(mail.text.begin(), mail.text.end(), '\n') == 2);
  CHECK(mail.text.find("Pohledávka č. 7 ") != std::string::npos);
}

TEST_CASE("the subject says what happened to which document") {
  const Document paid = document(DocumentKind::issued_invoice);
  const Document partly = document(DocumentKind::other_payable, "90.00");
  CHECK(told(Language::en, paid, MatchStatus::paid).subject ==
        "Paid: outgoing invoice No. 130100024");
  CHECK(told(Language::cs, paid, MatchStatus::overpaid, "1.00").subject ==
        "Přeplaceno: vydaná faktura č. 130100024");
  CHECK(told(Language::cs, partly, MatchStatus::partially_paid).subject ==
        "Částečně uhrazeno: závazek č. 130100024");
}

TEST_CASE("a partner's name or a document's number cannot begin a header or a line of its own") {
  Document settled = document(DocumentKind::issued_invoice);
  settled.partner.name = "Zlá firma\r\nBcc: cizi@example.test\x1b[31m";
  settled.number = "5\r\nX-Evil: 1";
  const MailText mail = told(Language::en, settled, MatchStatus::paid);
  CHECK(mail.subject == "Paid: outgoing invoice No. 5 X-Evil: 1");
  CHECK(mail.text ==
        "Outgoing invoice No. 5 X-Evil: 1 issued to the company Zlá firma Bcc: "
        "cizi@example.test [31m in the amount of CZK 10,890.00 was paid.\n");
}

TEST_CASE("amounts are written as each language writes them") {
  CHECK(amount_in_words_of(Language::en, kc("1234567.80"), Currency::eur()) == "EUR 1,234,567.80");
  CHECK(amount_in_words_of(Language::cs, kc("1234567.80"), Currency::eur()) == "1 234 567,80 EUR");
  CHECK(amount_in_words_of(Language::cs, kc("999.00"), Currency::czk()) == "999,00 Kč");
  CHECK(amount_in_words_of(Language::cs, kc("-1000.50"), Currency::czk()) == "-1 000,50 Kč");
}

TEST_CASE("a notification without the document of each allocation is a fault, not a mail") {
  const Document paid = document(DocumentKind::issued_invoice);
  CHECK_THROWS_AS(payment_notification(Language::en, match_of({paid}, MatchStatus::paid), {}),
                  Error);
}

TEST_CASE("the digest groups what waits and says how much it leaves out") {
  const std::vector<WaitingItem> items = {
      {WaitingItem::Kind::unrecognised, "mail 4 from info@banka.test", "no format fits", "a/b.eml"},
      {WaitingItem::Kind::unmatched, "payment 17, 5.00 CZK", "VS 42 is unknown", ""}};
  const MailText mail = waiting_digest(Language::en, items, 5, "/etc/paymentctl/box.xml");
  CHECK(mail.subject == "5 items waiting for a person");
  CHECK(mail.text ==
        "Payments that belong to no document:\n- payment 17, 5.00 CZK\n  VS 42 is unknown\n\n"
        "Mails that nobody could read:\n- mail 4 from info@banka.test\n  no format fits\n"
        "  a/b.eml\n\nand 3 more\n\n"
        "To decide the payments: paymentctl review -c /etc/paymentctl/box.xml\n"
        "To look at a mail: paymentctl messages show NUMBER -c /etc/paymentctl/box.xml\n");
  CHECK(waiting_digest(Language::cs, items, 2, "box.xml").subject == "Čeká na vyřízení: 2 položky");
}

TEST_CASE("a digest tells only what there is to do, with a command that can be pasted") {
  const MailText mail =
      waiting_digest(Language::cs, {{WaitingItem::Kind::ambiguous, "platba 17", "dva doklady", ""}},
                     1, "C:/Moje firma/box.xml");
  CHECK(mail.text ==
        "Platby, které mohou patřit k více dokladům:\n- platba 17\n  dva doklady\n\n"
        "Platby vyřídíte příkazem: paymentctl review -c \"C:/Moje firma/box.xml\"\n");
}

TEST_CASE("days are written as each language writes them") {
  const Date day = Date::from(2026, 9, 3).value();
  CHECK(day_in_words_of(Language::en, day) == "2026-09-03");
  CHECK(day_in_words_of(Language::cs, day) == "3. 9. 2026");
}

TEST_CASE("an error report names each fault with its mail") {
  const MailText mail = error_report(
      Language::cs, "hlavní", {{"stažení pošty", "server neodpovídá", "x.eml"}}, 1, "box.xml");
  CHECK(mail.subject == "paymentctl, schránka hlavní: 1 chyba");
  CHECK(mail.text ==
        "- stažení pošty\n  server neodpovídá\n  x.eml\n\n"
        "Stav schránky: paymentctl status -c box.xml\n");
}

TEST_CASE("a correction says what came off a document and what it owes now") {
  Document open = document(DocumentKind::issued_invoice, "10890.00");
  open.status = DocumentStatus::open;
  const auto told = [&](Language language) {
    return correction_notification(language, {open}, {kc("10890.00")});
  };
  CHECK(told(Language::en).subject == "Correction: outgoing invoice No. 130100024");
  CHECK(told(Language::en).text ==
        "Outgoing invoice No. 130100024 issued to the company Smetáček a lopatka, spol. s r.o. in "
        "the amount of CZK 10,890.00: a payment reported earlier was taken off it, CZK 10,890.00; "
        "CZK 10,890.00 is outstanding.\n");
  CHECK(told(Language::cs).subject == "Oprava: vydaná faktura č. 130100024");
  CHECK(told(Language::cs).text ==
        "Vydaná faktura č. 130100024 vystavená firmě Smetáček a lopatka, spol. s r.o. na částku "
        "10 890,00 Kč: dříve oznámená úhrada 10 890,00 Kč byla zrušena, zbývá 10 890,00 Kč.\n");
  CHECK_THROWS_AS(correction_notification(Language::cs, {open}, {}), Error);
}
