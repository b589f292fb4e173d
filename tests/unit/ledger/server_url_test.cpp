#include "ledger/server_url.hpp"

#include <catch2/catch.hpp>

using namespace paymentctl;

TEST_CASE("a password never shows") {
  for (const char* url :
       {"postgresql://clerk:secret@db.firma.cz:5432/ledger?sslmode=verify-full",
        "postgresql://clerk@db.firma.cz:5432/ledger?password=secret&sslmode=verify-full",
        "postgresql://clerk:sec@ret@db.firma.cz:5432/ledger?sslmode=verify-full&password=secret"}) {
    CHECK(url_without_password(url) ==
          "postgresql://clerk@db.firma.cz:5432/ledger?sslmode=verify-full");
  }
  CHECK(url_without_password("postgresql:///ledger") == "postgresql:///ledger");
  CHECK(url_without_password("postgresql://[::1]:5432") == "postgresql://[::1]:5432");
  CHECK(url_without_password("postgresql://") == "postgresql://");
}

TEST_CASE("a password from elsewhere takes the place of one in the URL") {
  CHECK(url_with_password("postgresql://a:old@h/d?x=1", "p&=%") ==
        "postgresql://a@h/d?x=1&password=p%26%3D%25");
  CHECK(url_with_password("postgresql://a@h/d", "") == "postgresql://a@h/d");
}

TEST_CASE("a server on another machine is spoken to over TLS unless the URL says otherwise") {
  const auto asks_for_tls = [](const char* url) {
    return url_with_defaults(url).find("sslmode=require") != std::string::npos;
  };
  for (const char* away :
       {"postgresql://a@db.firma.cz/d", "postgresql://a@10.0.0.7:5432/d",
        "postgresql://localhost,db.firma.cz/d", "postgresql:///d?host=db.firma.cz",
        "postgresql:///d?hostaddr=10.0.0.7", "postgresql://localhost.firma.cz/d",
        "postgresql://localhost:5433,db.firma.cz:5433/d", "postgresql://%2Frun,db.firma.cz/d",
        "postgresql:///d?host=/run,db.firma.cz", "postgresql:///d?host=%2Frun%2Cdb.firma.cz"}) {
    INFO(away);
    CHECK(asks_for_tls(away));
  }
  for (const char* here :
       {"postgresql://a@localhost:5433/d", "postgresql:///d", "postgresql://127.0.0.1/d",
        "postgresql://[::1]:5432/d", "postgresql:///d?host=/run/postgresql",
        "postgresql://%2Frun%2Fpostgresql/d", "postgresql://a@db.firma.cz/d?sslmode=disable"}) {
    INFO(here);
    CHECK_FALSE(asks_for_tls(here));
  }
}
