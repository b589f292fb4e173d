#include <catch2/catch.hpp>

#include "mail/message.hpp"

TEST_CASE("A plain mail is decoded") {
  const auto message = paymentctl::decode_mail(
      "From: Banka <a@BANKA.test>\nSubject: =?utf-8?Q?P=C5=99=C3=ADjem?=\n\nVS: 1\n");
  CHECK(message.from_address == "a@banka.test");
  CHECK(message.subject == "Příjem");
  REQUIRE(message.bodies.size() == 1);
  CHECK(message.bodies[0].text == "VS: 1\n");
  CHECK_FALSE(message.refused);
}
