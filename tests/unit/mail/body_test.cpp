#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "mail/message.hpp"
#include "mail_builder.hpp"

using namespace paymentctl;
using namespace paymentctl::tests;

namespace {

std::string in_charset(const std::string& charset, const std::string& bytes) {
  return text_of(mail("Content-Type: text/plain; charset=" + charset + "\n", bytes));
}

std::string text_of_quoted(const std::string& text) {
  return text_of(mail("Content-Transfer-Encoding: quoted-printable\n", text));
}

std::string text_of_base64(const std::string& text) {
  return text_of(mail("Content-Transfer-Encoding: base64\n", text));
}

const std::string png =
    part("Content-Type: image/png; name=logo.png\nContent-Disposition: inline\n", "x");

}  // namespace

TEST_CASE("The declared charset is obeyed, whatever its spelling") {
  const auto [charset, bytes, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"utf-8", "\xC5\xA1\xC5\xA5\xC5\xBE", "šťž"},
      {"\"UTF8\"", "\xC5\xA1", "š"},
      {"windows-1250", "\x9A\x9D\x9E\xA0\x80", "šťž\u00A0€"},
      {"CP1250", "\x9A", "š"},
      {"win-1250", "\x9A", "š"},
      {"x-cp1250", "\x9A", "š"},
      {"'windows-1250'", "\x9A", "š"},
      {"iso-8859-2", "\xB9\xBB\xBE", "šťž"},
      {"latin2", "\xB9", "š"},
      {"ISO_8859-2:1987", "\xB9", "š"},
      {"iso-8859-1", "\xE1", "á"},
      {"ibm852", "\xE7", "š"},
      {"us-ascii", "abc", "abc"},
  }));
  CAPTURE(charset);
  CHECK(in_charset(charset, bytes) == expected);
}

TEST_CASE("Undeclared, unknown or impossible charsets are UTF-8 where valid, else windows-1250") {
  const auto [charset, bytes, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"", "\x9A\xE1", "šá"},
      {"", "\xC5\xA1", "š"},
      {"us-ascii", "\x9A", "š"},
      {"us-ascii", "\xC5\xA1", "š"},
      {"x-unknown", "\x9A", "š"},
      {"utf-16//IGNORE", "\x9A", "š"},
      {"utf-8", "\x9A\xE1", "šá"},
      {"utf-8", "\xC0\xAF", "ŔŻ"},
      {"iso-8859-2", "\x9A\x9D", "šť"},
      {"utf-16le", "a", "a"},
      {"windows-1250", "\x81", "\uFFFD"},
  }));
  CAPTURE(charset, bytes);
  CHECK(in_charset(charset, bytes) == expected);
}

TEST_CASE("A meta element does not override the declared charset") {
  CHECK(text_of(mail("Content-Type: text/html; charset=utf-8\n",
                     "<meta charset=windows-1250><p>\xC5\xA1</p>")) == "š\n");
}

TEST_CASE("UTF-16 is converted and loses its NUL bytes on the way") {
  CHECK(text_of(mail("Content-Type: text/plain; charset=utf-16le\n"
                     "Content-Transfer-Encoding: base64\n",
                     "YQFWAFMAOgAxAA==\n")) == "šVS:1");
}

TEST_CASE("Quoted-printable is undone once, and bad sequences stay") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"=C5=A1=c5=a1\n", "šš\n"},
      {"sym=\nbol\n", "symbol\n"},
      {"sym= \t\r\nbol\r\n", "symbol\n"},
      {"a=3D3D\n", "a=3D\n"},
      {"a=ZZ=\xC5\xA1\n", "a=ZZ=š\n"},
      {"trailing  \t\nkept=20\n", "trailing\nkept \n"},
      {"a=0D=0Ab\n", "a\nb\n"},
      {"\xC5\xA1 raw\n", "š raw\n"},
      {"no end", "no end"},
      {"last=\n", "last"},
  }));
  CAPTURE(raw);
  CHECK(text_of_quoted(raw) == expected);
}

TEST_CASE("Base64 is undone, foreign signs and what follows the padding aside") {
  const auto [raw, expected] = GENERATE(table<std::string, std::string>({
      {"VlM6IDEK", "VS: 1\n"},
      {"Vl\nM6\r\n IDEK\n", "VS: 1\n"},
      {"VlM6IA==", "VS: "},
      {"VlM6IDE=\nfooter of a list", "VS: 1"},
      {"Vl{M}6~I\xFF"
       "DEK",
       "VS: 1\n"},
  }));
  CAPTURE(raw);
  CHECK(text_of_base64(raw) == expected);
}

TEST_CASE("A text whose end is certainly missing is refused: half a number is none") {
  const auto refused = Catch::Contains("cut off");
  CHECK_THAT(text_of_base64("VlM6IDEyM"), refused);
  CHECK_THAT(text_of_base64("VlM6IDEyMz"), refused);
  CHECK_THAT(text_of_quoted("VS: 12="), refused);
  CHECK_THAT(text_of_quoted("VS: 12=C"), refused);
  const std::string head = "Content-Type: multipart/mixed; boundary=b\n";
  const std::string base64_part = "--b\nContent-Transfer-Encoding: base64\n\n";
  CHECK_THAT(text_of(mail(head, "--b\n\nVS: 12")), refused);
  CHECK_THAT(text_of(mail(head, base64_part + "VlM6IDEy\n")), refused);
  CHECK(text_of(mail(head, base64_part + "VlM6IDEK\n")) == "VS: 1\n");
}

TEST_CASE("Every kind of line end reads the same") {
  const std::string raw =
      mail(multipart("mixed", "b", part("Content-Type: text/plain\n", "VS: 1\nSS: 2\n")), "");
  CHECK(text_of(raw) == "VS: 1\nSS: 2\n");
  CHECK(text_of(crlf(raw)) == "VS: 1\nSS: 2\n");
  CHECK(text_of("From: a@b.test\r\nSubject: x\n\r\nVS: 1\r\nSS: 2\nKS: 3\rx") ==
        "VS: 1\nSS: 2\nKS: 3\nx");
}

TEST_CASE("A mail without MIME headers is plain text") {
  const Message message = decode_mail("From: a@b.test\n\nVS: 1\n");
  REQUIRE(message.bodies.size() == 1);
  CHECK(message.bodies[0].text == "VS: 1\n");
  CHECK_FALSE(message.bodies[0].from_html);
}

TEST_CASE("Texts are found in every multipart, pictures are not") {
  const std::string plain = part("Content-Type: text/plain\n", "plain");
  const std::string rich = part("Content-Type: text/html\n", "<p>html</p>\n");
  CHECK(text_of(mail(multipart("alternative", "b", plain, rich), "")) == "plain|html\n");
  CHECK(text_of(mail(multipart("related", "b", rich, png), "")) == "html\n");
  const std::string inner = multipart("alternative", "b-1", plain, rich);
  CHECK(text_of(mail(multipart("mixed", "b", multipart("related", "b-2", inner, png), png), "")) ==
        "plain|html\n");
  CHECK(decode_mail(mail(multipart("related", "b", rich, png), "")).attachments ==
        std::vector<std::string>{"logo.png"});
}

TEST_CASE("Boundary lines count only as boundary lines") {
  const std::string head = "Content-Type: multipart/mixed; boundary=b\n";
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {"--b\n\none\n--b--\n", "one"},
      {"preamble\n--b  \t\n\none\n--b-- \nepilogue\n", "one"},
      {"--b\nContent-Type: text/plain\n\none --b two\n --b\n--bb\n--b--\n",
       "one --b two\n --b\n--bb"},
      {"--b\n\none\n--b\n\n--b\n\ntwo\n--b--\n", "one|two"},
      {"--b\n--b\n\none\n--b--\n", "one"},
      {"--b\n\none\n", "one\n"},
      {"--b\n\none\n--b--\n--b\n\nepilogue\n--b--\n", "one"},
      {"--b\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\none\n--b\n\ntwo\n--b--\n",
       "one|two"},
      {"--b\nContent-Type: multipart/mixed; "
       "boundary=bb\n\n--bb\n\none\n--bb--\n--b\n\ntwo\n--b--\n",
       "one|two"},
  }));
  CAPTURE(body);
  CHECK(text_of(mail(head, body)) == expected);
}

TEST_CASE("An attachment is no text of the mail") {
  const auto [headers, name] = GENERATE(table<std::string, std::string>({
      {"Content-Type: text/plain\nContent-Disposition: attachment; filename=\"a.txt\"\n", "a.txt"},
      {"Content-Type: text/plain\nContent-Disposition: ATTACHMENT\n", "text/plain"},
      {"Content-Disposition: unheard-of; filename=b\n", "b"},
      {"Content-Type: application/pdf; name=\"=?utf-8?Q?v=C3=BDpis.pdf?=\"\n", "výpis.pdf"},
      {"Content-Type: text/csv\n", "text/csv"},
  }));
  CAPTURE(headers);
  const Message message =
      decode_mail(mail(multipart("mixed", "b", part("Content-Type: text/plain\n", "VS: 1\n"),
                                 part(headers, "VS: 2\n")),
                       ""));
  CHECK_FALSE(message.refused);
  REQUIRE(message.bodies.size() == 1);
  CHECK(message.bodies[0].text == "VS: 1\n");
  CHECK(message.attachments == std::vector<std::string>{name});
}

TEST_CASE("A mail that is an attachment only has no text and is not refused for it") {
  const Message message = decode_mail(mail(multipart("mixed", "b", part("", "  \n"), png), ""));
  CHECK_FALSE(message.refused);
  CHECK(message.bodies.empty());
  CHECK(message.attachments.size() == 1);
}

TEST_CASE("What must not be read as a notice says why") {
  const auto [raw, why] = GENERATE(table<std::string, std::string>({
      {"", "empty"},
      {" \r\n\n", "empty"},
      {"VS: 1\n", "no text"},
      {"just some words\nof a person\n", "no header"},
      {"\nFrom: a@b.test\n\nVS: 1\n", "no header"},
      {mail("", ""), "no text"},
      {mail("", " \n\t\n"), "no text"},
      {mail("", std::string("VS: 1\0", 6)), "NUL"},
      {mail("Content-Type: text/html\n", std::string("<p>\0", 4)), "NUL"},
      {mail("Content-Type: multipart/mixed\n", "--b\n\nVS: 1\n--b--\n"), "divides"},
      {mail("Content-Type: multipart/mixed; boundary=\"\"\n", "--\n\nVS: 1\n"), "divides"},
      {mail("Content-Type: multipart/mixed; boundary=b\n", "--c\n\nVS: 1\n"), "no text"},
      {mail("Content-Type: message/rfc822\n", "From: a@kb.cz\n\nVS: 1\n"), "another mail"},
      {mail(multipart("mixed", "b", part("", "VS: 1"), part("Content-Type: Message/RFC822\n", "")),
            ""),
       "another mail"},
      {mail(multipart("digest", "b", part("", "From: a@kb.cz\n\nVS: 1\n")), ""), "another mail"},
      {mail("Content-Type: text/plain\nContent-Type: text/html\n", "VS: 1\n"), "contradicts"},
      {mail("Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 8bit\n", "VlM="),
       "contradicts"},
  }));
  CAPTURE(raw);
  CHECK_THAT(decode_mail(raw).refused.value_or("not refused"), Catch::Contains(why));
}

TEST_CASE("A refused mail still says who sent it") {
  const Message message = decode_mail(mail("Message-ID: <1@b>\n", ""));
  CHECK(message.refused);
  CHECK(message.from_address == "avizo@banka.test");
  CHECK(message.subject == "Pohyb");
  CHECK(message.message_id == "1@b");
}
