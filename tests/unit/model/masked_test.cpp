#include "model/masked.hpp"

#include <catch2/catch.hpp>

#include "model/base64.hpp"
#include "model/web_address.hpp"

using namespace paymentctl;

TEST_CASE("bytes become base64 with its padding") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64(std::string_view("\0\xff", 2)) == "AP8=");
}

TEST_CASE("a secret that a server repeats is told as asterisks, however SASL wrote it") {
  const auto traces = traces_of_login("jana", "Ž+tajné");
  for (const std::string& said :
       {std::string("bad password Ž+tajné, Ž+tajné"),
        "AUTH PLAIN " + base64(std::string("\0jana\0Ž+tajné", 15)),
        "what is " + base64("Ž+tajné") + "?", base64("user=jana\1auth=Bearer Ž+tajné\1\1")}) {
    const std::string told = masked(said, traces);
    INFO(told);
    CHECK(told.find("***") != std::string::npos);
    for (const std::string& trace : traces) CHECK(told.find(trace) == std::string::npos);
  }
  CHECK(masked("no such user", traces) == "no such user");
  CHECK(masked("anything", traces_of_login("jana", "")) == "anything");
}

TEST_CASE("a secret is sent by HTTPS or to this machine, and nothing else passes for it") {
  for (const char* const good :
       {"https://login.example/token", "https://login.example:8443", "http://localhost/t",
        "http://localhost:8080/t", "http://127.0.0.1:1", "http://[::1]:2/t"}) {
    INFO(good);
    CHECK(may_send_secret(good));
  }
  for (const char* const bad :
       {"", "login.example", "http://login.example/", "ftp://localhost/", "https://",
        "http://localhost.evil.example/", "http://127.0.0.1.evil.example/",
        "http://localhost:1@evil.example/", "https://login.example@evil.example/",
        "http://localhost\\@evil.example/", "HTTP://evil.example/", "https:///t"}) {
    INFO(bad);
    CHECK_FALSE(may_send_secret(bad));
  }
}
