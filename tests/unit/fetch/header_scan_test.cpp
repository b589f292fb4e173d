#include "fetch/header_scan.hpp"

#include <catch2/catch.hpp>

using namespace paymentctl;

namespace {

MailDigest::Result digest_of(std::string_view mail, std::size_t piece) {
  MailDigest digest;
  for (std::size_t at = 0; at < mail.size(); at += piece) digest.update(mail.substr(at, piece));
  return digest.finish();
}

}  // namespace

TEST_CASE("the Message-ID is found however it is written") {
  struct Row {
    std::string header;
    std::string id;
  };
  const Row rows[] = {
      {"Message-ID: <a@b>\r\n", "a@b"},
      {"From: x\nmessage-id:<a@b>\nTo: y\n", "a@b"},
      {"MESSAGE-ID :\r\n <a@b>\r\n", "a@b"},
      {"Message-ID: a@b\r\n", "a@b"},
      {"Message-ID: <a@b>\r\nMessage-ID: <a@b>\r\n", "a@b"},
      {"Message-ID: <a@b>\r\nMessage-ID: <c@d>\r\n", ""},
      {"Message-ID: <a b>\r\n", ""},
      {"Message-ID: <" + std::string(2000, 'x') + ">\r\n", ""},
      {"Message-ID:\r\n", ""},
      {"X-Message-ID: <a@b>\r\nSubject: x\r\n Message-ID: <a@b>\r\n", ""},
      {"Subject: x\r\n\r\nMessage-ID: <a@b>\r\n", ""},
      {"Message-ID: <a@b>", "a@b"},
      {"", ""},
  };
  for (const Row& row : rows) {
    INFO(row.header);
    CHECK(message_id_of(row.header) == row.id);
  }
}

TEST_CASE("body and Message-ID do not depend on the pieces in which a mail comes") {
  const std::string body = "Castka: 3 898,00\r\n\r\nkonec\r\n";
  const std::string mail = "From: x\r\nMessage-ID:\r\n <a@b>\r\n\r\n" + body;
  for (std::size_t piece = 1; piece <= mail.size(); ++piece) {
    const auto result = digest_of(mail, piece);
    CHECK(result.size == mail.size());
    CHECK(result.sha256 == sha256(mail));
    CHECK(result.body_sha256 == sha256(body));
    CHECK(result.message_id == "a@b");
  }
}

TEST_CASE("line feeds alone end lines too, and a mail without an empty line has no body") {
  CHECK(digest_of("A: b\n\nbody", 3).body_sha256 == sha256("body"));
  CHECK(digest_of("A: b\r\nB: c\r\n", 5).body_sha256 == sha256(""));
  CHECK(digest_of("\r\nbody", 1).body_sha256 == sha256("body"));
  CHECK(digest_of("", 1).sha256 == sha256(""));
}

TEST_CASE("a header of megabytes has no Message-ID for us and costs no memory") {
  std::string mail = "Message-ID: <a@b>\r\n";
  while (mail.size() < 3u << 20) mail += "X-Filler: " + std::string(900, 'x') + "\r\n";
  mail += "\r\nbody";
  const auto result = digest_of(mail, 65536);
  CHECK(result.message_id.empty());
  CHECK(result.body_sha256 == sha256("body"));
  CHECK(result.sha256 == sha256(mail));
}
