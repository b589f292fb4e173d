#include <string>

#include <catch2/catch.hpp>

#include "mail/address.hpp"
#include "mail/header_text.hpp"
#include "mail/mail_date.hpp"
#include "mail/message.hpp"
#include "mail/parameters.hpp"

using namespace paymentctl;

TEST_CASE("A header reads as a person sees it") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"Pohyb na =?utf-8?Q?=C3=BA=C4=8Dtu?=", "Pohyb na účtu"},
      {"=?utf-8?Q?Pohyb_na_=C3=BA=C4=8Dt=C4=9B?=", "Pohyb na účtě"},
      {"=?UTF-8?B?UMWZaWpvdg==?=", "Přijov"},
      {"=?utf-8?b?UMWZaWo?=", "Přij"},
      {"=?windows-1250?Q?=8A=9D=9E?=", "Šťž"},
      {"=?iso-8859-2?Q?=A9=BB=BE?=", "Šťž"},
      {"=?no-such-charset?Q?=8A=9D?=", "Šť"},
      {"=?utf-8*cs?Q?=C5=A1?=", "š"},
      {"=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"},
      {"=?utf-8?Q?a?=\r\n\t=?utf-8?Q?b?=", "ab"},
      {"=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"},
      {"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"},
      {"=?utf-8?Q?=C5?= =?UTF-8?Q?=A1?=", "š"},
      {"=?utf-8?B?xQ==?=\r\n =?utf-8?B?oQ==?=", "š"},
      {"one\r\n two", "one two"},
      {"one\n\ttwo", "one two"},
      {"\xC5\xA1", "š"},
      {"\x9A", "š"},
      {"=?utf-8?Q?a b?=", "a b"},
      {"=?utf-8?X?a?=", "=?utf-8?X?a?="},
      {"=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished"},
      {"=?utf-8?Q?=GG=?=", "=GG="},
      {"=?utf-8?Q?a=0D=0ABcc:_x?=", "a  Bcc: x"},
      {std::string("a\0b", 3), "a b"},
      {"  ", ""},
      {"=?=?=?=?", "=?=?=?=?"},
  }));
  CAPTURE(raw);
  CHECK(decode_header_text(raw) == expected);
}

TEST_CASE("The sender's address is found whatever stands around it") {
  const auto [raw, address, name] = GENERATE(table<std::string, std::string, std::string>({
      {"info@kb.cz", "info@kb.cz", ""},
      {" Raiffeisenbank <info@rb.cz>", "info@rb.cz", "Raiffeisenbank"},
      {"Air Bank<info@AirBank.CZ>", "info@airbank.cz", "Air Bank"},
      {"\"Banka, a.s.\" <Info@banka.test>", "Info@banka.test", "Banka, a.s."},
      {"Banka, a.s. <info@banka.test>", "info@banka.test", "Banka, a.s."},
      {"info@banka.test (Banka)", "info@banka.test", "Banka"},
      {"Banka (x (y) <z@a.test>) <info@banka.test>", "info@banka.test", "Banka"},
      {"=?utf-8?Q?=C4=8Cesk=C3=A1_spo=C5=99itelna?= <c@csas.cz>", "c@csas.cz", "Česká spořitelna"},
      {"=?utf-8?Q?Banka,_a.s.?= <info@banka.test>", "info@banka.test", "Banka, a.s."},
      {"=?utf-8?Q?Banka, a.s. <x@y.test>?= <info@banka.test>", "info@banka.test",
       "Banka, a.s. <x@y.test>"},
      {"=?utf-8?Q?info=40kb.cz_=3Cinfo=40kb.cz=3E?= <x@evil.test>", "x@evil.test",
       "info@kb.cz <info@kb.cz>"},
      {"\"info@kb.cz\" <x@evil.test>", "x@evil.test", "info@kb.cz"},
      {"info@kb.cz <x@evil.test>", "x@evil.test", "info@kb.cz"},
      {"\"<info@kb.cz>\" <x@evil.test>", "x@evil.test", "<info@kb.cz>"},
      {"<@relay.test,@other.test:info@kb.cz>", "info@kb.cz", ""},
      {"\"a b\"@kb.cz", "\"a b\"@kb.cz", ""},
      {"=?utf-8?Q?info=40kb.cz?=", "", "info@kb.cz"},
      {"Banka <info@kb.cz@evil.test>", "", "Banka"},
      {"Banka <info@kb.cz\t.evil.test>", "", "Banka"},
      {"Banka <>", "", "Banka"},
      {"", "", ""},
      {"@", "", "@"},
      {"<", "", ""},
      {"\"", "", ""},
      {"(", "", ""},
  }));
  CAPTURE(raw);
  const Sender sender = read_sender(raw);
  CHECK_FALSE(sender.refused);
  CHECK(sender.address == address);
  CHECK(sender.name == name);
}

TEST_CASE("Several senders are nobody") {
  const auto raw = GENERATE(as<std::string>{}, "a@kb.cz, b@kb.cz", "<a@kb.cz>, <b@kb.cz>",
                            "Banka <a@kb.cz> <b@kb.cz>", "a@kb.cz; b@kb.cz", "Banka: a@kb.cz;",
                            "g:;", "Banka <a@kb.cz> <>", "a@kb.cz, \"x\" <b@evil.test>");
  CAPTURE(raw);
  const Sender sender = read_sender(raw);
  CHECK(sender.refused);
  CHECK(sender.address.empty());
  const Message message = decode_mail("From: " + raw + "\n\nVS: 1\n");
  CHECK(message.refused);
  CHECK(message.from_address.empty());
}

TEST_CASE("Two From headers are refused, even when they agree") {
  const Message message = decode_mail("From: a@kb.cz\nFrom: a@kb.cz\n\nVS: 1\n");
  CHECK_THAT(message.refused.value_or(""), Catch::Contains("two From headers"));
  CHECK(message.from_address.empty());
}

TEST_CASE("A mail's day is the one written, in its own zone") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"Tue, 21 Nov 2017 23:59:20 -1100", "2017-11-21"},
      {"21 Nov 2017 09:14:20 +0100 (CET)", "2017-11-21"},
      {" Tue,\r\n 1 Jan 2019 00:00 EST", "2019-01-01"},
      {"(a (b) c) Tue (x), 3 (y) dec (z) 2024 1:2:3 UT", "2024-12-03"},
      {"Wed, 09 Jun 26 14:05:00 GMT", "2026-06-09"},
      {"Wed, 09 Jun 99 14:05:00 GMT", "1999-06-09"},
      {"Wednesday, 09-Jun-26 14:05:00 GMT", "2026-06-09"},
      {"31 Feb 2026 10:00 +0100", ""},
      {"2026-06-09", ""},
      {"Tue, 21 Xyz 2017", ""},
      {"21 Nov", ""},
      {"(((((", ""},
      {"", ""},
      {"99999999999 Nov 2017", ""},
  }));
  CAPTURE(raw);
  const auto day = read_mail_date(raw);
  CHECK((day ? day->iso() : "") == expected);
}

TEST_CASE("Without a readable Date the topmost Received tells the day") {
  const auto day = [](const std::string& headers) {
    const auto date = decode_mail("From: a@b.test\n" + headers + "\nVS: 1\n").date;
    return date ? date->iso() : "";
  };
  const std::string received =
      "Received: from a; by b\n\tfor c; Tue, 9 Jun 2026 23:30:00 +0200\n"
      "Received: from x; Mon, 8 Jun 2026 10:00:00 +0200\n";
  CHECK(day(received) == "2026-06-09");
  CHECK(day(received + "Date: yesterday\n") == "2026-06-09");
  CHECK(day(received + "Date: Sun, 7 Jun 2026 10:00:00 +0200\n") == "2026-06-07");
  CHECK(day("Received: from a by b\n") == "");
  CHECK(day("") == "");
}

TEST_CASE("A Message-ID loses its brackets") {
  const auto id = [](const std::string& value) {
    return decode_mail("From: a@b.test\nMessage-ID:" + value + "\n\nVS: 1\n").message_id;
  };
  CHECK(id(" <1.2.JavaMail@rb.cz>") == "1.2.JavaMail@rb.cz");
  CHECK(id("\n <folded@rb.cz> (comment)") == "folded@rb.cz");
  CHECK(id(" bare@rb.cz") == "bare@rb.cz");
  CHECK(id("") == "");
}

TEST_CASE("Parameters of a header are found, quoted, folded, commented or in segments") {
  const auto [raw, name, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"text/plain; charset=utf-8", "charset", "utf-8"},
      {"Text/Plain ;\r\n\tCHARSET = \"UTF-8\" ", "charset", "UTF-8"},
      {"text/plain (x; charset=no); charset=(y) cp1250", "charset", "cp1250"},
      {"multipart/mixed; boundary=\"a;b c\"", "boundary", "a;b c"},
      {"multipart/mixed; boundary=\"a\\\"b\"", "boundary", "a\"b"},
      {"multipart/mixed; boundary=----=_Part_1", "boundary", "----=_Part_1"},
      {"multipart/mixed; junk; boundary=x", "boundary", "x"},
      {"multipart/mixed; boundary=x; boundary=y", "boundary", "x"},
      {"multipart/mixed; boundary=\"open", "boundary", "open"},
      {"a/b; filename*=utf-8''%C4%8D.pdf", "filename", "č.pdf"},
      {"a/b; filename*=windows-1250'cs'%8A.pdf", "filename", "Š.pdf"},
      {"a/b; filename*1=\"b.pdf\"; filename*0*=utf-8''%C4%8D", "filename", "čb.pdf"},
      {"a/b; filename*=%zz%4", "filename", "%zz%4"},
      {"", "charset", ""},
      {";;;=;=", "charset", ""},
  }));
  CAPTURE(raw);
  CHECK(read_parameters(raw).parameter(name) == expected);
}
