#include "fetch/oauth.hpp"

#include <catch2/catch.hpp>

#include "fakes.hpp"

using namespace paymentctl;
using Catch::Matchers::Contains;

namespace {

OAuthClient client() {
  return {"11111111-2222-3333-4444-555555555555", "payments-app", "s&cret+",
          "https://login.example.com/organizations/oauth2/v2.0/token"};
}

struct TokenBench {
  Scratch scratch;
  FakeClock clock;
  std::vector<HttpReply> replies;
  std::vector<std::string> addresses;
  std::vector<std::string> forms;
  std::chrono::milliseconds slept{0};

  TokenSource source(const OAuthClient& of = client()) {
    return TokenSource(
        of, scratch / "token.json", clock,
        [this](const std::string& address, const std::string& form) {
          addresses.push_back(address);
          forms.push_back(form);
          const HttpReply reply = replies.at(0);
          if (replies.size() > 1) replies.erase(replies.begin());
          return reply;
        },
        [this](std::chrono::milliseconds time) { slept += time; });
  }
  static HttpReply good(const std::string& token, int life = 3600) {
    return {200, R"({"access_token":")" + token + R"(","expires_in":)" + std::to_string(life) + "}",
            std::nullopt};
  }
};

Error failure(TokenSource source) {
  try {
    source.token();
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::ok, "no error"};
}

}  // namespace

TEST_CASE("the tenant takes the place of organizations, and the form is encoded") {
  TokenBench bench;
  bench.replies = {TokenBench::good("abc")};
  CHECK(bench.source().token() == "abc");
  CHECK(bench.addresses.at(0) ==
        "https://login.example.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token");
  CHECK(bench.forms.at(0) ==
        "grant_type=client_credentials&client_id=payments-app&client_secret=s%26cret%2B&scope="
        "https%3A%2F%2Foutlook.office365.com%2F.default");
}

TEST_CASE("a secret is sent by https only, or to this machine") {
  OAuthClient plain = client();
  for (const char* address : {"http://login.example.com/x", "ftp://x/", "",
                              "http://localhost.evil/x", "http://127.0.0.1.example.com/"}) {
    plain.token_uri = address;
    CHECK_THROWS_AS(token_address(plain), Error);
  }
  plain.token_uri = "http://127.0.0.1:8080/common/token";
  CHECK(token_address(plain) == "http://127.0.0.1:8080/11111111-2222-3333-4444-555555555555/token");
  plain.tenant_id.clear();
  CHECK_THROWS_AS(token_address(plain), Error);
}

TEST_CASE("a token is kept in memory and in a file of the owner until shortly before it expires") {
  TokenBench bench;
  bench.replies = {TokenBench::good("first"), TokenBench::good("second")};
  TokenSource source = bench.source();
  CHECK(source.token() == "first");
  CHECK(source.token() == "first");
  CHECK(bench.source().token() == "first");
  CHECK(is_for_owner_only(bench.scratch / "token.json"));
  CHECK_THAT(content_of(bench.scratch / "token.json"), !Contains("s&cret"));
  bench.clock.moment += std::chrono::seconds(3299);
  CHECK(bench.source().token() == "first");
  bench.clock.moment += std::chrono::seconds(1);
  CHECK(source.token() == "second");
  CHECK(bench.forms.size() == 2);
}

TEST_CASE("a refused token is fetched anew, and one of other settings is not used") {
  TokenBench bench;
  bench.replies = {TokenBench::good("first"), TokenBench::good("second"),
                   TokenBench::good("third")};
  TokenSource source = bench.source();
  CHECK(source.token() == "first");
  CHECK(source.token(true) == "second");
  CHECK(bench.source().token() == "second");
  OAuthClient other = client();
  other.client_id = "another-app";
  CHECK(bench.source(other).token() == "third");
}

TEST_CASE("a damaged token file only costs a request") {
  for (const char* content :
       {"", "{", "[]", "{\"settings\":7}", "{\"token\":\"a b\",\"good_until\":\"x\"}"}) {
    TokenBench bench;
    put(bench.scratch / "token.json", content);
    bench.replies = {TokenBench::good("abc")};
    CHECK(bench.source().token() == "abc");
  }
}

TEST_CASE("a token file that cannot be written is no obstacle") {
  TokenBench bench;
  std::filesystem::create_directory(bench.scratch / "token.json");
  bench.replies = {TokenBench::good("abc")};
  CHECK(bench.source().token() == "abc");
}

TEST_CASE("a token server that is busy is asked three times, with pauses") {
  TokenBench bench;
  const HttpReply busy{503, "", std::nullopt};
  const HttpReply limited{429, "", std::chrono::seconds(7)};
  bench.replies = {busy, limited, TokenBench::good("abc")};
  CHECK(bench.source().token() == "abc");
  CHECK(bench.slept == std::chrono::seconds(8));
  bench.replies = {{429, "", std::chrono::seconds(100000)}};
  std::filesystem::remove(bench.scratch / "token.json");
  const Error error = failure(bench.source());
  CHECK(error.code() == ExitCode::unavailable);
  CHECK_THAT(error.what(), Contains("429"));
  CHECK(bench.slept == std::chrono::seconds(68));
}

TEST_CASE("an answer without a usable token is an error that says so") {
  for (const char* body : {"", "{not json", "[]", "{}", "{\"access_token\":7}",
                           "{\"access_token\":\"a\\r\\nb\"}", "{\"access_token\":\"\"}"}) {
    TokenBench bench;
    bench.replies = {{200, body, std::nullopt}};
    CHECK(failure(bench.source()).code() == ExitCode::unavailable);
  }
}

TEST_CASE("refusals of the token server say what the administrator has to do") {
  struct Row {
    int status;
    std::string body;
    std::string advice;
  };
  const auto entra = [](const char* name, const char* number) {
    return std::string(R"({"error":")") + name + R"(","error_description":"AADSTS)" + number +
           R"(: something\r\nTrace ID: 1"})";
  };
  const Row rows[] = {
      {401, entra("invalid_client", "7000222"), "expired; create a new one"},
      {401, entra("invalid_client", "7000215"), "not its ID"},
      {401, entra("invalid_client", "999"), "check client_id and client_secret"},
      {400, entra("unauthorized_client", "700016"), "not known in the tenant 11111111"},
      {400, entra("invalid_request", "90002"), "there is no tenant 11111111"},
      {400, entra("invalid_grant", "65001"), "grant admin consent"},
      {400, entra("invalid_grant", "501051"), "POP.AccessAsApp"},
      {400, entra("invalid_scope", "70011"), "token_uri"},
      {400, entra("something_new", "123"), "something_new"},
      {404, "<html>", "HTTP status 404"},
      {302, "", "HTTP status 302"},
  };
  for (const Row& row : rows) {
    TokenBench bench;
    bench.replies = {{row.status, row.body, std::nullopt}};
    const Error error = failure(bench.source());
    INFO(row.body);
    CHECK(error.code() == ExitCode::permission);
    CHECK_THAT(error.what(), Contains(row.advice) && !Contains("\n") && !Contains("s&cret"));
  }
}

TEST_CASE("a token server that quotes the secret does not bring it into our messages") {
  TokenBench bench;
  bench.replies = {
      {400, R"({"error":"odd","error_description":"bad secret s&cret+"})", std::nullopt}};
  CHECK_THAT(failure(bench.source()).what(), !Contains("s&cret"));
}

TEST_CASE("the permissions in a token are readable, and a token without any has none") {
  const std::vector<std::string> both{"POP.AccessAsApp", "SMTP.SendAsApp"};
  CHECK(token_roles(
            "e30.eyJhdWQiOiJ4Iiwicm9sZXMiOlsiUE9QLkFjY2Vzc0FzQXBwIiw3LCJTTVRQLlNlbmRBc0FwcCJdfQ."
            "c2ln") == both);
  for (const char* token : {"", ".", "..", "opaque", "e30.eyJhdWQiOiJ4In0.c2ln", "e30.!!.x",
                            "e30.bnVsbA.x", "e30.eyJyb2xlcyI6.x"}) {
    INFO(token);
    CHECK(token_roles(token).empty());
  }
}
