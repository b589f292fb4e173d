#include "notify/compose.hpp"

#include <sstream>

#include <catch2/catch.hpp>

using namespace paymentctl;
using Catch::Contains;

namespace {

OutgoingMail plain_mail() {
  OutgoingMail mail;
  mail.from = "banka@papirna.test";
  mail.to = {"ucetni@papirna.test"};
  mail.subject = "Faktura";
  mail.text = "Uhrazeno.\n";
  mail.message_id = "17.payment@papirna.test";
  mail.date = Timestamp(std::chrono::sys_days(std::chrono::year{2026} / 8 / 24)) +
              std::chrono::hours(5) + std::chrono::minutes(30) + std::chrono::seconds(1);
  return mail;
}

std::vector<std::string> lines_of(const std::string& raw) {
  std::vector<std::string> lines;
  std::istringstream stream(raw);
  for (std::string line; std::getline(stream, line);) {
    REQUIRE(line.ends_with('\r'));
    line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::size_t header_count(const std::string& raw) {
  std::size_t count = 0;
  for (const std::string& line : lines_of(raw)) {
    if (line.empty()) break;
    if (!line.starts_with(' ')) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a plain mail is composed byte for byte") {
  CHECK(compose_mail(plain_mail()) ==
        "Date: Mon, 24 Aug 2026 05:30:01 +0000\r\n"
        "From: banka@papirna.test\r\n"
        "To: ucetni@papirna.test\r\n"
        "Subject: Faktura\r\n"
        "Message-ID: <17.payment@papirna.test>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "\r\n"
        "Uhrazeno.\r\n");
}

TEST_CASE("receivers and copies stand in headers of their own, one a line") {
  OutgoingMail mail = plain_mail();
  mail.to = {"a@papirna.test", "b@papirna.test"};
  mail.cc = {"c@papirna.test"};
  CHECK_THAT(compose_mail(mail),
             Contains("To: a@papirna.test,\r\n b@papirna.test\r\nCc: c@papirna.test\r\n"));
}

TEST_CASE("a subject with letters outside ASCII is folded into encoded words") {
  struct Case {
    const char* subject;
    const char* line;
  };
  const auto [subject, line] = GENERATE(values<Case>({
      {"Uhrazena faktura č. 7", "Subject: =?UTF-8?B?VWhyYXplbmEgZmFrdHVyYSDEjS4gNw==?=\r\nMess"},
      {"=?UTF-8?B?eA==?=", "Subject: =?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=\r\n"},
      {"", "Subject: \r\n"},
      // 38 letters of one byte, then one of two: it must not be cut between two words
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé",
       "Subject: =?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=\r\n"
       " =?UTF-8?B?w6k=?=\r\n"},
  }));
  OutgoingMail mail = plain_mail();
  mail.subject = subject;
  CHECK_THAT(compose_mail(mail), Contains(line));
}

TEST_CASE("no text can add a header or end the mail") {
  const std::string attack = GENERATE(as<std::string>(), "x\r\nBcc: evil@zlo.test", "x\nBcc: e@z.t",
                                      "x\rBcc: e@z.t", "x\r\n\r\nbody\r\n.\r\nMAIL FROM:<e@z.t>",
                                      "x\xC2\x85 y", "x\xE2\x80\xA8 y", std::string("x\0y", 3));
  const std::size_t headers = header_count(compose_mail(plain_mail()));
  OutgoingMail mail = plain_mail();
  mail.subject = attack;
  mail.message_id = attack;
  mail.text = attack + "\n.\n" + attack;
  const std::string raw = compose_mail(mail);
  CHECK(header_count(raw) == headers);
  for (const std::string& line : lines_of(raw)) {
    CHECK(line != ".");
    CHECK(line.size() <= 78);
    for (const char c : line) CHECK((c >= ' ' && c <= '~'));
  }
}

TEST_CASE("the text is quoted-printable and no line of it is dangerous or long") {
  struct Case {
    const char* text;
    const char* body;
  };
  const auto [text, body] = GENERATE(values<Case>({
      {"č = 1\n", "=C4=8D =3D 1\r\n"},
      {"ends with a blank \nnext", "ends with a blank=20\r\nnext\r\n"},
      {".hidden\n", "=2Ehidden\r\n"},
      {"From the bank\nFromage", "=46rom the bank\r\nFromage\r\n"},
      {"one\r\ntwo\n\n", "one\r\ntwo\r\n\r\n"},
      {"bell\x07", "bell=E2=90=87\r\n"},
      {"broken \xC4", "broken =EF=BF=BD\r\n"},
      {"tab\there", "tab here\r\n"},
      {"", ""},
  }));
  OutgoingMail mail = plain_mail();
  mail.text = text;
  const std::string raw = compose_mail(mail);
  CHECK(raw.substr(raw.find("\r\n\r\n") + 4) == body);
}

TEST_CASE("a long line is broken softly and comes together again") {
  for (std::size_t size = 70; size < 160; ++size) {
    OutgoingMail mail = plain_mail();
    mail.text = std::string(size, '.');
    const std::string raw = compose_mail(mail);
    std::string joined;
    for (const std::string& line : lines_of(raw.substr(raw.find("\r\n\r\n") + 4))) {
      CHECK(line.size() <= 76);
      CHECK_FALSE(line.starts_with('.'));
      joined += line.ends_with('=') ? line.substr(0, line.size() - 1) : line;
    }
    for (auto at = joined.find("=2E"); at != std::string::npos; at = joined.find("=2E")) {
      joined.replace(at, 3, ".");
    }
    CHECK(joined == mail.text);
  }
}

TEST_CASE("an address that could break a command or a header is named with its fault") {
  for (const char* good : {"a@b", "ucetni+banka@papirna.test", "o'neil@papirna.test"}) {
    CHECK_FALSE(fault_of_address(good));
  }
  for (const char* bad : {"", "nobody", "@papirna.test", "a@", "a@b@c", "a b@c", "a@b\r\nDATA",
                          "<a@b>", "a@b>", "a,b@c", "účetní@papirna.test", "a@b\x7F"}) {
    INFO(bad);
    CHECK(fault_of_address(bad));
  }
  CHECK(fault_of_address(std::string(250, 'a') + "@b.cz"));
}
