#include "model/visible.hpp"

#include <catch2/catch.hpp>

using namespace paymentctl;

TEST_CASE("what a terminal would obey is shown instead") {
  CHECK(visible("Žluťoučký kůň € 𝄞") == "Žluťoučký kůň € 𝄞");
  CHECK(visible("a\x1b[31mb\r\n\t\x7f") == "a␛[31mb␍␊␉␡");
  CHECK(visible(std::string("a\0b", 3)) == "a␀b");
  CHECK(visible("\u009b31m") == "\\u009b31m");
  CHECK(visible("abc\u202edef") == "abc\\u202edef");
}

TEST_CASE("bytes that are no UTF-8 become the replacement character") {
  CHECK(visible("p\xF8\xEDjem") == "p��jem");
  CHECK(visible("\xC0\xAF\xED\xA0\x80") == "�����");
  CHECK(visible("\xE2\x82") == "��");
  CHECK(is_utf8("příjem"));
  CHECK_FALSE(is_utf8("p\xF8\xEDjem"));
  CHECK_FALSE(is_utf8("\xF5\x80\x80\x80"));
}

TEST_CASE("a foreign text on one line has no line ends, controls or blanks at its ends") {
  CHECK(one_line(" a\r\nBcc: b\t\x1b c \n") == "a Bcc: b c");
  CHECK(one_line("\r\n").empty());
}

TEST_CASE("a text of several lines keeps its lines and nothing else that a terminal obeys") {
  CHECK(visible_lines("a\n\tb\x1b[2J\r\n\x7f") == "a\n\tb␛[2J␍\n␡");
  CHECK(visible_lines("\xc2\x9b"
                      "31m \xe2\x80\xae") == "\\u009b31m \\u202e");
}
