#include "mail/authentication_results.hpp"

#include <catch2/catch.hpp>

using namespace paymentctl;

namespace {

const std::vector<std::string> bank = {"rb.cz"};

ResultsVerdict verdict_of(const std::string& value) {
  const auto results = read_authentication_results(value);
  REQUIRE(results);
  return judge_results(*results, bank);
}

/// The trusted header of a mail, or "" where there is none.
std::string trusted_in(const std::string& headers) {
  const std::string raw = headers + "\r\n";
  const MimeStructure mail = take_apart(raw, {});
  const HeaderField* const found = find_trusted_results(mail.headers, "mx.firma.cz");
  return found == nullptr ? "" : std::string(found->value);
}

const std::string good = "Authentication-Results: mx.firma.cz; dmarc=pass header.from=rb.cz\r\n";
const std::string ours =
    "Received: from smtp.rb.cz ([192.0.2.1]) by mx.firma.cz with ESMTPS; x\r\n";
const std::string foreign = "Received: from a.rb.cz by smtp.rb.cz; x\r\n";

}  // namespace

TEST_CASE("a header with everything RFC 8601 allows is read") {
  const auto results = read_authentication_results(
      " \"mx.firma.cz\" (our (own) server \\) ;) 1 ;\r\n\tdkim/1 = pass reason=\"good; very\" "
      "header.d = RB.cz (2048 bits) header.i=@rb.cz header.b=ab/c+d=; spf=fail\r\n "
      "smtp.mailfrom=\"a b; dkim=pass header.d=rb.cz\"@evil.example;dmarc=pass (p=reject) "
      "action=none header.from=rb.cz");
  REQUIRE(results);
  CHECK(results->authserv_id == "mx.firma.cz");
  REQUIRE(results->results.size() == 3);
  const MethodResult& dkim = results->results[0];
  CHECK(dkim.method == "dkim");
  CHECK(dkim.result == "pass");
  CHECK(dkim.property("header", "d") == "RB.cz");
  CHECK(dkim.property("header", "b") == "ab/c+d=");
  CHECK(results->results[1].property("smtp", "mailfrom") ==
        "a b; dkim=pass header.d=rb.cz@evil.example");
  CHECK(results->results[2].property("header", "from") == "rb.cz");
  const auto none = read_authentication_results("mx.firma.cz; none");
  REQUIRE(none);
  CHECK(none->results.empty());
}

TEST_CASE("a header that breaks the syntax proves nothing") {
  for (const char* const wrong :
       {"", ";", "mx.firma.cz", "mx.firma.cz 2; dkim=pass", "mx.firma.cz; dkim", "mx; =pass",
        "mx; dkim=", "mx; dkim=pass header.=x", "mx; dkim=pass header.d", "mx; dkim=pass (open",
        "mx; dkim=pass header.d=\"open", "mx; none; dkim=pass", "mx;; dkim=pass",
        "mx; dkim=pass header.d=rb.cz ; x", "mx dkim=pass"}) {
    INFO(wrong);
    CHECK_FALSE(read_authentication_results(wrong));
  }
}

TEST_CASE("dmarc is asked first, then dkim, then spf, each for a domain of the bank only") {
  struct Case {
    const char* results;
    ProofLevel level;
    const char* method;
  };
  const Case cases[] = {
      {"dmarc=pass header.from=rb.cz", ProofLevel::strong, "dmarc"},
      {"dmarc=pass header.from=mail.rb.cz", ProofLevel::strong, "dmarc"},
      {"dmarc=pass header.from=notrb.cz", ProofLevel::failed, ""},
      {"dmarc=pass header.from=rb.cz.evil.example", ProofLevel::failed, ""},
      {"dmarc=pass", ProofLevel::failed, ""},
      {"dmarc=pass header.from=rb.cz header.from=rb.cz", ProofLevel::failed, ""},
      {"dmarc=fail header.from=rb.cz; dkim=pass header.d=rb.cz", ProofLevel::strong, "dkim"},
      {"dmarc=fail header.from=rb.cz; dmarc=pass header.from=rb.cz", ProofLevel::failed, ""},
      {"dkim=fail header.d=rb.cz; dkim=pass header.d=info.rb.cz", ProofLevel::strong, "dkim"},
      {"dkim=pass header.i=@rb.cz", ProofLevel::strong, "dkim"},
      {"dkim=pass header.d=evil.example header.i=@rb.cz", ProofLevel::failed, ""},
      {"dkim=neutral header.d=rb.cz; spf=pass smtp.mailfrom=info@rb.cz", ProofLevel::weak, "spf"},
      {"spf=pass smtp.mailfrom=rb.cz", ProofLevel::weak, "spf"},
      {"spf=pass smtp.mailfrom=\"rb.cz; x@rb.cz\"@evil.example", ProofLevel::failed, ""},
      {"spf=pass smtp.helo=rb.cz", ProofLevel::failed, ""},
      {"none", ProofLevel::failed, ""}};
  for (const Case& each : cases) {
    INFO(each.results);
    const ResultsVerdict verdict = verdict_of(std::string("mx.firma.cz; ") + each.results);
    CHECK(verdict.level == each.level);
    CHECK(verdict.method == each.method);
  }
}

TEST_CASE("only the topmost header with exactly our server's name is believed") {
  const std::string bad = "Authentication-Results: mx.firma.cz; dmarc=fail header.from=rb.cz\r\n";
  CHECK_THAT(trusted_in(good + ours), Catch::Contains("pass"));
  CHECK_THAT(trusted_in(ours + good), Catch::Contains("pass"));
  CHECK_THAT(trusted_in(bad + good + ours), Catch::Contains("fail"));
  CHECK_THAT(
      trusted_in("Authentication-Results: mx.evil.example; dmarc=pass header.from=rb.cz\r\n" + bad +
                 ours),
      Catch::Contains("fail"));
  for (const char* const id :
       {"MX.firma.cz", "mx.firma.cz.evil.example", "(mx.firma.cz) evil.example", "x.mx.firma.cz",
        "evil.example (mx.firma.cz)", "\"mx.firma.cz \"", ""}) {
    INFO(id);
    CHECK(trusted_in("Authentication-Results: " + std::string(id) +
                     "; dmarc=pass header.from=rb.cz\r\n" + ours)
              .empty());
  }
}

TEST_CASE("a header below a Received that our server did not write is anybody's") {
  CHECK(trusted_in(ours + foreign + good).empty());
  CHECK(trusted_in("Received: from x by store.firma.cz; x\r\n" + foreign + good).empty());
  // The topmost one is whoever's filled the mailbox; below it our server's own name must link up.
  const std::string inner = "Received: from mx.firma.cz ([10.0.0.1]) by store.firma.cz; x\r\n";
  CHECK_FALSE(trusted_in(inner + ours + good).empty());
  CHECK_FALSE(trusted_in("Received: by store.firma.cz with LMTP; x\r\n" + ours + good).empty());
  CHECK(trusted_in("Received: from evil.example by store.firma.cz; x\r\n" + ours + good).empty());
  CHECK(trusted_in(ours + ours + good).empty());
  const std::string filter =
      "Received: from localhost (localhost [127.0.0.1]) by mx.firma.cz; x\r\n"
      "Received: from mx.firma.cz ([127.0.0.1]) by localhost (mx.firma.cz) (amavisd-new); x\r\n";
  CHECK_FALSE(trusted_in(filter + ours + good).empty());
  CHECK(trusted_in("Received: (by mx.firma.cz) from mx.firma.cz (by x) by store; x\r\n" +
                   std::string("Received: from x (by mx.firma.cz) by evil.example; x\r\n") + good)
            .empty());
}
