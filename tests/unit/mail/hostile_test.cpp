#include <string>

#include <catch2/catch.hpp>

#include "mail/charset.hpp"
#include "mail/message.hpp"
#include "mail_builder.hpp"

using namespace paymentctl;
using namespace paymentctl::tests;

namespace {

std::string nested_multiparts(std::size_t depth) {
  std::string raw = "From: a@b.test\n";
  for (std::size_t i = 0; i < depth; ++i) {
    const std::string name = "b" + std::to_string(i);
    raw += "Content-Type: multipart/mixed; boundary=" + name + "\n\n--" + name + "\n";
  }
  return raw + "\nVS: 1\n";
}

bool is_clean(const Message& message) {
  bool is_clean = is_utf8(message.subject + message.from_name + message.message_id);
  for (const Body& body : message.bodies) {
    is_clean = is_clean && is_utf8(body.text) && body.text.find('\0') == std::string::npos &&
               body.text.find('\r') == std::string::npos;
  }
  return is_clean;
}

}  // namespace

TEST_CASE("What exceeds a limit is refused, never partly read") {
  const auto [raw, why] = GENERATE(table<std::string, std::string>({
      {mail("", repeated("x", 50'000'000)), "50000047 bytes"},
      {mail("", repeated("x", 20'000'000)), "longer than the limit"},
      {mail("Content-Transfer-Encoding: base64\n", repeated("QUFB", 1'000'000)), "longer"},
      {mail(repeated("X: y\n", 1'000'000), "VS: 1\n"), "header lines"},
      {mail("X: " + repeated("y", 5'000'000) + "\n", "VS: 1\n"), "header X"},
      {mail("X: y\n" + repeated(" y\n", 100'000), "VS: 1\n"), "header X"},
      {nested_multiparts(5'000), "nested deeper"},
      {nested_multiparts(17), "nested deeper"},
      {mail("Content-Type: multipart/mixed; boundary=b\n", repeated("--b\n", 2'500'000)), "parts"},
      {mail("Content-Type: multipart/mixed; boundary=\"-\"\n", repeated("---\n\n", 10'000)),
       "parts"},
  }));
  CAPTURE(why);
  const Message message = decode_mail(raw);
  CHECK_THAT(message.refused.value_or("not refused"), Catch::Contains(why));
  CHECK(message.bodies.empty());
}

TEST_CASE("Within the limits size alone harms nobody") {
  CHECK(text_of(nested_multiparts(16)) == "VS: 1\n");
  const std::string dashes = "Content-Type: multipart/mixed; boundary=b\n";
  CHECK(text_of(mail(dashes, repeated("--\n", 3'500'000) + "--b\n\nVS: 1\n--b--\n")) == "VS: 1");
  CHECK(text_of(mail(dashes, "--b\n\nVS: 1\n" + repeated("--b--\n", 1'000'000))) == "VS: 1");
  CHECK(text_of(mail("X: y\n" + repeated("Y: z\n", 900), "VS: 1\n")) == "VS: 1\n");
  CHECK(text_of(mail("Subject: " + repeated("=?a?Q?", 10'000) + "\n", "VS: 1\n")) == "VS: 1\n");
  CHECK(text_of(mail("To: " + repeated("(", 60'000) + "\n", "VS: 1\n")) == "VS: 1\n");
  CHECK(decode_mail("From: " + repeated("=?", 30'000) + "\n\nVS: 1\n").from_address.empty());
  CHECK(decode_mail("From: " + repeated("<", 60'000) + "\n\nVS: 1\n").from_address.empty());
  CHECK(decode_mail("From: " + repeated("(", 60'000) + "\n\nVS: 1\n").from_address.empty());
  CHECK(text_of(mail("Content-Type: text/plain" + repeated(";a*1=x", 10'000) + "\n", "VS: 1\n")) ==
        "VS: 1\n");
}

TEST_CASE("A mail cut off at any byte is refused or read as far as it goes") {
  const std::string plain =
      part("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n",
           "P=C5=99=C3=ADjem\nVS: 12345");
  const std::string rich =
      part("Content-Type: text/html; charset=windows-1250\nContent-Transfer-Encoding: base64\n",
           "PHA+VlM6IDEyMzQ1PC9wPjx0YWJsZT48dHI+PHRkPlg8L3RkPjwvdHI+PC90YWJsZT4=\n");
  const std::string whole =
      crlf(mail("Date: Tue, 09 Jun 2026 14:05:00 +0200\n"
                "Message-ID: <1@banka.test>\n" +
                    multipart("mixed", "out", multipart("alternative", "in", plain, rich)),
                ""));
  REQUIRE(text_of(whole) == "Příjem\nVS: 12345|VS: 12345\nX\n");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const Message message = decode_mail(std::string_view(whole).substr(0, size));
    CHECK(is_clean(message));
    if (message.refused) continue;
    for (const Body& body : message.bodies) {
      const std::size_t symbol = body.text.find("VS:");
      if (symbol == std::string::npos) continue;
      CHECK(body.text.substr(symbol, 9) == "VS: 12345");
    }
  }
}

TEST_CASE("A mail with any byte changed is decoded to clean text") {
  const std::string whole = mail(
      "Content-Type: text/html; charset=iso-8859-2\nContent-Transfer-Encoding: quoted-printable\n",
      "<p>=C8=E1stka</p>");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\0', '\x80', '\xFF', '\n', '"', '(', '<', '='}) {
      std::string raw = whole;
      raw[at] = byte;
      CAPTURE(at, static_cast<int>(byte));
      CHECK(is_clean(decode_mail(raw)));
    }
  }
}
