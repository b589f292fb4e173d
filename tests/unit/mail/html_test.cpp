#include <string>

#include <catch2/catch.hpp>

#include "mail/html_guard.hpp"
#include "mail/html_text.hpp"
#include "mail_builder.hpp"

using namespace paymentctl::tests;

TEST_CASE("HTML reads as lines: blocks break, inline elements add nothing") {
  const auto [document, expected] = GENERATE(table<std::string, std::string>({
      {"<div>VS:<b> 26</b><span>06</span></div>", "VS: 2606\n"},
      {"<td>a</td><td>b</td>", "ab\n"},
      {"<table><tr><td><p>A<br>B</p></td><td>C</td></tr></table>", "A\nB\nC\n"},
      {"<table><tr><th>A<th>B<tr><td>C</table>", "A\nB\nC\n"},
      {"a<br>b<br/>c", "a\nb\nc\n"},
      {"<h1>a</h1><ul><li>b<li>c</ul>", "a\nb\nc\n"},
      {"  a \r\n\t b  <i> c</i> ", "a b c\n"},
      {"4&nbsp;840,00&#160;K&#269; &amp; &lt;x&gt; &zcaron;", "4\u00A0840,00\u00A0Kč & <x> ž\n"},
      {"&amp;nbsp; &amp;lt;b&amp;gt;", "&nbsp; &lt;b&gt;\n"},
      {"a&#0;b&#xD800;c", "a\uFFFDb\uFFFDc\n"},
      {"a&#13;b", "a b\n"},
      {"a<!-- <p>no</p> -->b", "ab\n"},
      {"a<!--><p>yes</p><!-->b", "a\nyes\nb\n"},
      {"a<!--><p>odd</p>b", "a\nodd\nb\n"},
      {"a<!--[if mso]><p>no</p><![endif]-->b", "ab\n"},
      {"<head><title>no</title><style>p{}</style></head><body>a<script>x<y</script>b", "ab\n"},
      {"<div style=\"color:red; Display :\n NONE\">no</div>a<p hidden>no</p>", "a\n"},
      {"<table><tr><td style='display:none'>no<td>a</table>", "a\n"},
      {"<img alt='no' src=x><a href='no' title=no>a</a>", "a\n"},
      {"<pre>a  b\nc</pre>", "a  b\nc\n"},
      {"a\u200Bb\u00ADc\u202Fd", "a\u200Bb\u00ADc\u202Fd\n"},
      {"a < b & c", "a < b & c\n"},
      {"VS: 1<b", "VS: 1\n"},
  }));
  CAPTURE(document);
  CHECK(html(document) == expected);
}

TEST_CASE("The wrapper tables of a bank's mail leave the lines of its rows") {
  const std::string wrapper = "<!--><table align=\"center\"><tr><td align=\"center\"><!-->\n";
  const std::string row =
      "<tr>\n <td align=\"left\">\n <p style=\"margin: 0\">Na účet</p>\n </td>\n <td>\n\t\t\t"
      "<p>5578657976/5500<br>Ukázková papírna s.r.o.</p>\n </td>\n</tr>\n <br>\n"
      "<tr><td><p>Částka v měně účtu</p></td><td><p>+4.840,00\u00A0CZK</p></td></tr>\n";
  const std::string document =
      "<html><body><center><table><tbody><tr><td>\n<div style=\"display: none; font-size: 1px\">no"
      "</div>\n" +
      wrapper + "<div class=\"x\">\n<table><tbody>\n<tr><td style=\"font-size: 0;\">" +
      "<!--><table><tr><!--><!--><td width=\"276\"><!--><div><img src=\"cid:l\"/></div></td></tr>" +
      row + "</tbody></table></div><!--></td></tr></table><!--></td></tr></tbody></table>" +
      "</center></body></html>";
  std::string lines;
  bool was_break = true;
  for (const char c : html(document)) {
    if (c != '\n' || !was_break) lines.push_back(c);
    was_break = c == '\n';
  }
  // The misplaced <br> between the rows moves before their table, as a browser shows it.
  CHECK(lines ==
        "Na účet\n5578657976/5500\nUkázková papírna s.r.o.\nČástka v měně účtu\n"
        "+4.840,00\u00A0CZK\n");
}

TEST_CASE("An HTML part is marked as such and is decoded before its entities") {
  const auto message =
      paymentctl::decode_mail(mail("Content-Type: text/html; charset=windows-1250\n"
                                   "Content-Transfer-Encoding: quoted-printable\n",
                                   "<td width=3D\"10\">=C8=E1st=\nka:</td>"));
  REQUIRE(message.bodies.size() == 1);
  CHECK(message.bodies[0].from_html);
  CHECK(message.bodies[0].text == "Částka:\n");
}

TEST_CASE("HTML that would take a parser for ever is refused") {
  std::string distinct;
  for (int i = 0; i < 200; ++i) distinct += "<font size=" + std::to_string(i) + ">";
  std::string attributes;
  for (int i = 0; i < 40'000; ++i) attributes += " a" + std::to_string(i) + "=1";
  const auto [document, why] = GENERATE_COPY(table<std::string, std::string>({
      {repeated("<div>", 20'000), "nested"},
      {repeated("<span>", 257), "nested"},
      {repeated("<table><tr><td></div>", 5'000), "nested"},
      {repeated("<svg><td>", 5'000), "<svg>"},
      {"<b" + attributes + ">x</b>", "attributes"},
      {"</b" + attributes + ">x", "attributes"},
      {"<div>" + distinct + "</div>" + repeated("<p>x", 5'000), "formatting"},
      {repeated("<a href=x>", 60'000), "nested"},
      {repeated("<br>", 60'000), "tags"},
      {repeated("<body a=1>", 100), "several <body>"},
      {"<script><!--<script></script>" + repeated("</div>", 100), "script"},
      {"<SELECT><style></select>" + repeated("<div>", 10'000), "<select>"},
      {repeated("x", 1U << 21U), "longer than the limit"},
  }));
  CAPTURE(why);
  CHECK_THAT(html(document), Catch::Contains("refused") && Catch::Contains(why));
}

TEST_CASE("HTML within the limits is read, however untidy") {
  const auto document = GENERATE(
      as<std::string>{}, repeated("<div>", 255) + "VS: 1", repeated("<p>x", 5'000) + "VS: 1",
      repeated("<tr><td>x", 5'000) + "<table>" + repeated("<tr><td>x", 5'000) + "<tr><td>VS: 1",
      repeated("<ul><li>x<li>y</ul>", 5'000) + "VS: 1", repeated("<b><p>x</b></p>", 300) + "VS: 1",
      repeated("</div></p></td>", 5'000) + "VS: 1", repeated("<!-->", 50'000) + "VS: 1",
      repeated("<", 500'000) + " VS: 1", repeated("&foo;", 100'000) + "VS: 1",
      repeated("<!--x", 100) + "-->VS: 1", repeated("</", 100'000) + ">VS: 1");
  CHECK_THAT(html(document), Catch::Contains("VS: 1"));
}

TEST_CASE("what the parser is spared changes no text") {
  const auto spared = [](const std::string& html) {
    using namespace paymentctl;
    const GuardedHtml guarded = guard_html(html, {});
    REQUIRE_FALSE(guarded.trap);
    CHECK(html_to_text(guarded.html, guarded.runs) == html_to_text(html));
    return guarded.html;
  };
  CHECK(spared("<p class=\"a>b\" style='color: red'>one</p id=x>") == "<p>one</p>");
  CHECK(spared("<p> Částka:\n <b>1 000,00</b></p>CZK") ==
        "<p> \xee\x80\x80\n<b>\xee\x80\x81</b></p>CZK");
  CHECK(spared("a<!-- words -- of nobody -->b") == "a<!---->b");
  CHECK(spared("<td align = left nowrap/>x") == "<td>x");
  CHECK(spared("<style>p { color: red }</style><title>Pohyb</title>x") ==
        "<style></style><title></title>x");
  CHECK(spared("<b>one</b> \r\n\t <i>two  three </i>  ") == "<b>one</b> <i>\xee\x80\x80 </i> ");
  const auto stays = [&spared](const std::string& html) { return spared(html) == html; };
  CHECK(stays("1 &lt<!---->; 2"));
  CHECK(stays("<p>Kč&nbsp;100,00</p>"));
  CHECK(stays("<b>Částka 1,00</b> &#xe000; &#57344;"));
  CHECK(stays("<b>Částka 1,00</b> \xee\x80\x80"));
  CHECK(stays("<b>\x01 Částka 1,00 \xc2\x85</b>"));
  CHECK(stays("<pre>\n\n VS:  1</pre>  x"));
  CHECK(stays("a<listing>\n b</listing>"));
  CHECK(stays("<p hidden class=x>no</p>yes"));
  CHECK(stays("<p class=x style=\"color:red; DISPLAY : none\">no</p>yes"));
  CHECK(stays("<p style=\"dis&#112;lay:none\">no</p>yes"));
  CHECK(stays("<body style=\"color:red\"><body style=\"display:none\">yes"));
  CHECK(stays("<p>one</p><p class=\"a>"));
  CHECK(stays("<p>one</p><!-- unended"));
  CHECK(stays("<p>one</p><!--x--!>two"));
}
