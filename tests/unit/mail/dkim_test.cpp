#include "mail/dkim.hpp"

#include <map>
#include <string>

#include <catch2/catch.hpp>

#include "mail/dkim_canonical.hpp"
#include "mail/dkim_signature.hpp"
#include "mail/tag_list.hpp"

using namespace paymentctl;

namespace {

using Records = std::map<std::string, std::string>;

/// Keys as a test gives them; a name that is not there does not exist.
class Keys : public Resolver {
 public:
  explicit Keys(std::map<std::string, std::string> keys) : keys_(std::move(keys)) {}
  TxtAnswer txt(const std::string& name) override {
    ++asked;
    if (is_down) return {TxtAnswer::Status::failed, {}, "no DNS server answers"};
    const auto found = keys_.find(name);
    if (found == keys_.end()) return {TxtAnswer::Status::missing, {}, {}};
    return {TxtAnswer::Status::found, {found->second}, {}};
  }
  int asked = 0;
  bool is_down = false;

 private:
  std::map<std::string, std::string> keys_;
};

std::string with_crlf(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result.push_back('\r');
    result.push_back(c);
  }
  return result;
}

/// RFC 6376, appendix A, with its erratum.
const std::string simple_mail = with_crlf(
    R"(DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
      c=simple/simple; q=dns/txt; i=joe@football.example.com;
      h=Received : From : To : Subject : Date : Message-ID;
      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
      4bmp/YzhwvcubU4=;
Received: from client1.football.example.com  [192.0.2.1]
      by submitserver.example.com with SUBMISSION;
      Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game. Are you hungry yet?

Joe.
)");

/// RFC 8463, appendix A.3: one mail signed with Ed25519 and with RSA.
const std::string doubly_signed = with_crlf(
    R"(DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.

)");

const std::map<std::string, std::string> standard_keys = {
    {"brisbane._domainkey.example.com",
     "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/"
     "zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/"
     "NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"},
    {"brisbane._domainkey.football.example.com",
     "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="},
    {"test._domainkey.football.example.com",
     "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5q"
     "hdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hst"
     "T5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"}};

constexpr Timestamp now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)};

std::vector<DkimFinding> check(const std::string& raw, Resolver& keys,
                               const std::vector<std::string>& domains = {"example.com"}) {
  const MimeStructure mail = take_apart(raw, {});
  DkimCheck check(raw, mail, domains, false, now);
  check.ask(keys);
  return check.findings();
}

std::vector<DkimFinding> check(const std::string& raw) {
  Keys keys(standard_keys);
  return check(raw, keys);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("the example mails of RFC 6376 and RFC 8463 are signed strongly") {
  const auto one = check(simple_mail);
  REQUIRE(one.size() == 1);
  CHECK(one[0].level == ProofLevel::strong);
  CHECK(one[0].domain == "example.com");
  CHECK(one[0].key_bits == 1024);
  const auto two = check(doubly_signed);
  REQUIRE(two.size() == 2);
  CHECK(two[0].level == ProofLevel::strong);
  CHECK(two[0].algorithm == "ed25519-sha256");
  CHECK(two[1].level == ProofLevel::strong);
  CHECK(two[1].algorithm == "rsa-sha256");
}

TEST_CASE("a mail kept with LF at its line ends is the mail that was signed") {
  std::string lf;
  for (const char c : simple_mail) {
    if (c != '\r') lf.push_back(c);
  }
  CHECK(check(lf)[0].level == ProofLevel::strong);
}

TEST_CASE("a change to what is signed fails, with the reason") {
  struct Case {
    const char* what;
    const char* with;
    const char* reason;
  };
  const Case cases[] = {
      {"hungry", "Hungry", "the text was changed"},
      {"yet?", "yet? ", "the text was changed"},
      {"Is dinner ready?", "Is Dinner ready?", "does not fit"},
      {"Received: from client1", "received: from client1", "does not fit"},
      {"football.example.com  [", "football.example.com [", "does not fit"},
      {"c=simple/simple", "c=relaxed/simple", "does not fit"},
      {"a=rsa-sha256", "a=rsa-sha1", "the text was changed"},
      {"a=rsa-sha256", "a=ed25519-sha256", "another kind"},
      {"a=rsa-sha256", "a=rsa-md5", "not known"},
      {"v=1;", "v=2;", "version"},
      {"s=brisbane", "s=sydney", "is not in DNS"},
      {"s=brisbane", "s=..", "no key that could be looked up"},
      {"h=Received : From :", "h=Received :", "does not sign the sender"},
      {"i=joe@football.example.com", "i=joe@football.example.org", "outside its domain"},
      {"q=dns/txt", "q=http", "not in DNS"},
      {"bh=2jUS", "bh=!jUS", "no base64"},
      {"v=1;", "v=1; v=1;", "no list of tags"},
      {"v=1;", "v=1; l=999;", "more text than the mail has"},
      {"v=1;", "v=1; l=-1;", "no numbers"},
  };
  for (const Case& each : cases) {
    INFO(each.what << " to " << each.with);
    const auto found = check(replaced(simple_mail, each.what, each.with));
    REQUIRE(found.size() == 1);
    CHECK(found[0].level == ProofLevel::failed);
    REQUIRE(!found[0].reasons.empty());
    CHECK_THAT(found[0].reasons.back(), Catch::Contains(each.reason));
  }
}

TEST_CASE("a key that was revoked, replaced or is none fails the signature") {
  const std::string name = "brisbane._domainkey.example.com";
  const std::string valid = standard_keys.at(name);
  struct Case {
    std::string record;
    const char* reason;
  };
  const Case cases[] = {
      {"v=DKIM1; p=", "revoked"},
      {"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "another kind"},
      {"v=DKIM1; p=AAAA", "cannot be used"},
      {standard_keys.at("test._domainkey.football.example.com"), "another key was used"},
      {"v=spf1 -all", "not in DNS"},
      {"p=" + valid.substr(11) + "; v=DKIM1", "not in DNS"},
      {"v=DKIM1; h=sha1; " + valid.substr(9), "not meant for rsa-sha256"},
      {"v=DKIM1; s=tlsrpt; " + valid.substr(9), "not in DNS"},
      {"v=DKIM1; t=s; " + valid.substr(9), "does not speak for subdomains"},
  };
  for (const Case& each : cases) {
    INFO(each.record);
    Keys keys(Records{{name, each.record}});
    const auto found = check(simple_mail, keys);
    CHECK(found[0].level == ProofLevel::failed);
    REQUIRE(!found[0].reasons.empty());
    CHECK_THAT(found[0].reasons[0], Catch::Contains(each.reason));
  }
  Keys test_key(Records{{name, "v=DKIM1; t=y; " + valid.substr(9)}});
  CHECK(check(simple_mail, test_key)[0].level == ProofLevel::weak);
}

TEST_CASE("a key that nobody could be asked for is no verdict") {
  Keys keys(standard_keys);
  keys.is_down = true;
  const auto found = check(simple_mail, keys);
  CHECK(found[0].level == ProofLevel::none);
  REQUIRE(found[0].no_answer);
  CHECK_THAT(*found[0].no_answer, Catch::Contains("brisbane._domainkey.example.com"));
  const auto broken = check(replaced(simple_mail, "hungry", "Hungry"), keys);
  CHECK(broken[0].level == ProofLevel::failed);
  CHECK_FALSE(broken[0].no_answer);
}

TEST_CASE("signatures of strangers are listed and cost no question") {
  Keys keys(standard_keys);
  const auto found = check(simple_mail, keys, {"rb.cz"});
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].is_aligned);
  CHECK(found[0].level == ProofLevel::none);
  CHECK(keys.asked == 0);
}

TEST_CASE("a header that stands there once more than it is signed makes the proof weak") {
  for (const std::string header : {"Subject: Zaplaceno", "Date: Sat, 12 Jul 2003 21:00:37 -0700",
                                   "Content-Type: text/plain; charset=utf-7"}) {
    INFO(header);
    const auto found = check(header + "\r\n" + simple_mail);
    CHECK(found[0].level == ProofLevel::weak);
    REQUIRE(found[0].reasons.size() == 1);
    CHECK_THAT(found[0].reasons[0], Catch::EndsWith("is not signed"));
  }
  // RFC 8463's example signs From, Subject and Date once more than they stand there.
  CHECK(check("Subject: Zaplaceno\r\n" + doubly_signed)[0].level == ProofLevel::failed);
}

TEST_CASE("an expired signature is weak, and one that expires before it was made is none") {
  const auto first_step = [](const std::string& tags) {
    const std::string raw = replaced(simple_mail, "q=dns/txt;", "q=dns/txt; " + tags);
    const MimeStructure mail = take_apart(raw, {});
    return DkimCheck(raw, mail, {"example.com"}, false, now).findings().at(0);
  };
  const auto moment = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const DkimFinding expired = first_step("x=" + std::to_string(moment - 1) + ";");
  CHECK(expired.level == ProofLevel::weak);
  CHECK(expired.reasons == std::vector<std::string>{"it has expired"});
  CHECK(first_step("x=" + std::to_string(moment) + ";").level == ProofLevel::strong);
  CHECK(first_step("t=2; x=1;").level == ProofLevel::failed);
  CHECK(first_step("x=-1;").level == ProofLevel::failed);
  CHECK(first_step("x=99999999999999999999;").level == ProofLevel::failed);
}

TEST_CASE("at most ten signatures are looked at") {
  std::string many;
  for (int i = 0; i < 200; ++i) many += "DKIM-Signature: v=1; a=rsa-sha256; d=x; s=y\r\n";
  CHECK(check(many + simple_mail).size() == 10);
}

TEST_CASE("bodies become canonical as the standard says") {
  using Kind = Canonicalization;
  struct Case {
    const char* body;
    const char* simple;
    const char* relaxed;
  };
  // The second one is the example of RFC 6376, 3.4.5.
  const Case cases[] = {{"", "\r\n", ""},
                        {" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"},
                        {"\r\n\r\n", "\r\n", ""},
                        {"a", "a\r\n", "a\r\n"},
                        {"a\nb\n", "a\r\nb\r\n", "a\r\nb\r\n"},
                        {"\r\n\r\na \r\n \t\r\nb\r\n \r\n", "\r\n\r\na \r\n \t\r\nb\r\n \r\n",
                         "\r\n\r\na\r\n\r\nb\r\n"}};
  for (const Case& each : cases) {
    INFO(each.body);
    CHECK(canonical_body(each.body, Kind::simple, std::nullopt).bytes == each.simple);
    CHECK(canonical_body(each.body, Kind::relaxed, std::nullopt).bytes == each.relaxed);
  }
}

TEST_CASE("a length cuts the raw body where the signed bytes end") {
  const std::string body = "a \t b\r\n\r\nc\r\nforged\r\n";
  const auto part = canonical_body(body, Canonicalization::relaxed, 10);
  CHECK(part.bytes == "a b\r\n\r\nc\r\n");
  CHECK(part.whole == 18);
  CHECK(body.substr(0, part.raw_end) == "a \t b\r\n\r\nc\r\n");
  const auto all = canonical_body(body, Canonicalization::relaxed, 18);
  CHECK(all.raw_end == body.size());
  const auto nothing = canonical_body(body, Canonicalization::simple, 0);
  CHECK(nothing.bytes.empty());
  CHECK(nothing.raw_end == 0);
}

TEST_CASE("headers become canonical as the standard says") {
  const std::string raw = "A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n";
  const MimeStructure mail = take_apart(raw, {});
  std::string simple;
  std::string relaxed;
  for (const HeaderField& field : mail.headers) {
    append_canonical_header(simple, field, Canonicalization::simple);
    append_canonical_header(relaxed, field, Canonicalization::relaxed);
  }
  CHECK(simple == "A: X\r\nB : Y\t\r\n\tZ  \r\n");
  CHECK(relaxed == "a:X\r\nb:Y Z\r\n");
}

TEST_CASE("tag lists are read as the standard writes them") {
  const auto list = TagList::read(" v=1; a = rsa-sha256 ;\r\n\th=from : to;b=ab\r\n cd; ");
  REQUIRE(list);
  CHECK(list->value("v") == "1");
  CHECK(list->value("a") == "rsa-sha256");
  CHECK(list->value("b") == "ab\r\n cd");
  CHECK_FALSE(list->value("A"));
  for (const char* const wrong : {"v", "v=1;v=2", "=1", "1v=1", "v=1;;a=2", "v=\x01"}) {
    INFO(wrong);
    CHECK_FALSE(TagList::read(wrong));
  }
  CHECK(colon_list(" a :b: ") == std::vector<std::string_view>{"a", "b", ""});
  CHECK(strict_base64("aGV s\r\n bG8=") == "hello");
  for (const char* const wrong : {"aGVsbG8", "aGVsbG8=a", "aGV*bG8=", "===="}) {
    CHECK_FALSE(strict_base64(wrong));
  }
}
