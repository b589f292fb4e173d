#include "config/box.hpp"

#include <catch2/catch.hpp>

#include "config/keys.hpp"
#include "model/error.hpp"

using namespace paymentctl;

namespace {

#ifdef _WIN32
const std::filesystem::path file = "C:/firma/hlavni.xml";
#else
const std::filesystem::path file = "/firma/hlavni.xml";
#endif

std::string xml_of(std::initializer_list<std::pair<const char*, const char*>> keys) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<configuration>\n<appSettings>\n";
  for (const auto& [key, value] : keys) {
    xml += std::string("<add key=\"") + key + "\" value=\"" + value + "\" />\n";
  }
  return xml + "</appSettings>\n</configuration>\n";
}

Box box_of(std::initializer_list<std::pair<const char*, const char*>> keys) {
  return box_from_xml(xml_of(keys), file);
}

/// What the error says, behind the file's name; empty where there is none.
std::string complaint(const std::string& xml) {
  try {
    box_from_xml(xml, file);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::config);
    const std::string text = error.what();
    const auto place = text.find("hlavni.xml: ");
    REQUIRE(place != std::string::npos);
    return text.substr(place + 12);
  }
  return {};
}

}  // namespace

TEST_CASE("an empty box has the defaults of the interface") {
  const Box box = box_of({{"infoCc", ""}, {"pop3Url", "  "}});
  CHECK(box.name == "hlavni");
  CHECK(box.company == "default");
  CHECK(box.root_path == file.parent_path());
  CHECK(box.archive_dir == file.parent_path() / "POP3Downloads");
  CHECK(std::filesystem::path(box.ledger) == file.parent_path() / "paymentctl.db");
  CHECK(box.max_mail_size == 25u << 20);
  CHECK(box.poll_minutes == 10);
  CHECK(box.server_timeout == std::chrono::seconds(60));
  CHECK(box.language == Language::cs);
  CHECK(box.amount_tolerance.is_zero());
  CHECK_FALSE(box.pop3);
  CHECK_FALSE(box.smtp);
  CHECK_FALSE(box.pause);
  CHECK_FALSE(box.require_authentication.general);
  CHECK(box.keys.empty());
  CHECK(box.warnings.empty());
}

TEST_CASE("the keys of PaymentService work as they are") {
  const Box box = box_of({{"rootPath", "netgenium"},
                          {"stopFrom", "22:00"},
                          {"stopTo", "06:00"},
                          {"smtpServer", "localhost"},
                          {"errorFrom", "paymentservice@firma.cz"},
                          {"errorTo", "support@firma.cz"},
                          {"pop3Url", "pop3.firma.cz"},
                          {"pop3Name", "ps@firma.cz"},
                          {"pop3Password", "pop3topsecret"},
                          {"pop3OAuth", "true"},
                          {"infoFrom", "banka@firma.cz"},
                          {"infoTo", "finance@firma.cz; ucetni@firma.cz,"},
                          {"infoCc", ""},
                          {"emlDir", "PaymentService\\eml"}});
  CHECK(box.oauth_file() == file.parent_path() / "netgenium/Config/MicrosoftOAuth.json");
  REQUIRE(box.pause);
  CHECK(box.pause->from == 22 * 60);
  REQUIRE(box.pop3);
  CHECK(box.pop3->endpoint.str() == "pop3.firma.cz:110");
  CHECK(box.pop3->tls == Tls::starttls);
  CHECK(box.pop3->oauth);
  REQUIRE(box.pop3->password);
  CHECK(box.pop3->password->kind == SecretSource::Kind::clear);
  CHECK(box.pop3->password->clear.reveal() == "pop3topsecret");
  REQUIRE(box.smtp);
  CHECK(box.smtp->tls == Tls::off);
  CHECK_FALSE(box.smtp->is_exposed());
  CHECK(box.notifications.to == std::vector<std::string>{"finance@firma.cz", "ucetni@firma.cz"});
  CHECK(box.eml_dir == file.parent_path() / "PaymentService/eml");
  CHECK(box.keys.size() == 13);
}

TEST_CASE("TLS follows from protocol, port and machine unless it is said") {
  struct Row {
    const char* key;
    const char* server;
    Tls tls;
  };
  for (const Row& row :
       {Row{"pop3Url", "mail.firma.cz", Tls::starttls},
        Row{"pop3Url", "mail.firma.cz:995", Tls::implicit}, Row{"pop3Url", "127.0.0.1", Tls::off},
        Row{"pop3Url", "localhost:995", Tls::implicit}, Row{"pop3Url", "[::1]", Tls::off},
        Row{"pop3Url", "127.firma.cz", Tls::starttls},
        Row{"smtpServer", "mail.firma.cz", Tls::starttls},
        Row{"smtpServer", "mail.firma.cz:587", Tls::starttls},
        Row{"smtpServer", "mail.firma.cz:465", Tls::implicit},
        Row{"smtpServer", "localhost:2525", Tls::off}}) {
    INFO(row.server);
    const Box box = box_of({{row.key, row.server}});
    CHECK((box.pop3 ? box.pop3 : box.smtp)->tls == row.tls);
  }
  const Box exposed = box_of({{"pop3Url", "mail.firma.cz"}, {"pop3Tls", "off"}});
  CHECK(exposed.pop3->is_exposed());
}

TEST_CASE("a server is a name, an IPv4 or an IPv6 address, with or without port") {
  CHECK(box_of({{"pop3Url", "Mail.Firma.cz:1100"}}).pop3->endpoint.str() == "mail.firma.cz:1100");
  CHECK(box_of({{"pop3Url", "[2001:db8::1]:995"}}).pop3->endpoint.str() == "[2001:db8::1]:995");
  CHECK(box_of({{"pop3Url", "2001:db8::1"}}).pop3->endpoint.port == 110);
}

TEST_CASE("a value that does not fit is named with line, key, value and what is wanted") {
  struct Row {
    const char* key;
    const char* value;
    const char* wanted;
  };
  for (const Row& row : {
           Row{"pop3Url", "https://x", "server or server:port"},
           Row{"pop3Url", "mail:0", "server or server:port"},
           Row{"pop3Url", "mail:65536", "server or server:port"},
           Row{"smtpServer", "mail server", "server or server:port"},
           Row{"pop3OAuth", "yes", "true or false"},
           Row{"pop3Tls", "none", "implicit, starttls or off"},
           Row{"errorFrom", "a@b.cz, c@d.cz", "one mail address"},
           Row{"infoTo", "finance", "mail addresses"},
           Row{"infoTo", "x&#10;Bcc: y@z.cz", "mail addresses"},
           Row{"maxMailSize", "25 MiBs", "a size"},
           Row{"maxMailSize", "0", "a size"},
           Row{"maxMailSize", "99999999999999999999", "a size"},
           Row{"pollMinutes", "0", "whole minutes"},
           Row{"serverTimeout", "0", "whole seconds"},
           Row{"pollMinutes", "10m", "whole minutes"},
           Row{"language", "de", "cs or en"},
           Row{"ownAccounts", "2901618115/2010", "check digits"},
           Row{"ownAccounts", "2901618114/2010:eur", "NUMBER/BANK:EUR"},
           Row{"ownAccounts", "2901618114/2010, 2901618114/2010:EUR", "each account once"},
           Row{"onlyOwnAccounts", "true", "ownAccounts beside it"},
           Row{"ownParty", "CZ123", "an IČO"},
           Row{"amountTolerance", "-1", "a decimal"},
           Row{"amountTolerance", "1.005", "a decimal"},
           Row{"trustedForwarders", "firma.cz", "mail addresses"},
           Row{"trustedAuthserv", "mx.firma.cz; x", "one authserv-id"},
           Row{"requireAuthentication", "weak, strong", "off, weak or strong"},
           Row{"requireAuthentication", "fio:off, fio:weak", "off, weak or strong"},
           Row{"requireAuthentication", "medium", "off, weak or strong"},
           Row{"dnsServer", "dns.firma.cz", "an IPv4 address"},
           Row{"ledger", "mysql://host/db", "a file, or a URL"},
           Row{"company", "a&#7;b", "a name"},
       }) {
    INFO(row.key << " " << row.value);
    const std::string text = complaint(xml_of({{"box", "x"}, {row.key, row.value}}));
    CHECK(text.rfind(std::string("line 5: ") + row.key + " is \"", 0) == 0);
    CHECK(text.find(std::string("wanted ")) != std::string::npos);
    CHECK(text.find(row.wanted) != std::string::npos);
  }
}

TEST_CASE("a pause needs both ends and times that exist") {
  CHECK(complaint(xml_of({{"stopFrom", "24:00"}, {"stopTo", "06:00"}})).find("HH:mm") !=
        std::string::npos);
  CHECK(complaint(xml_of({{"stopFrom", "23:00"}})) ==
        "stopTo is missing, wanted the end of the pause that stopFrom begins");
  CHECK_FALSE(box_of({{"stopFrom", "06:00"}, {"stopTo", "06:00"}}).pause);
}

TEST_CASE("an error about a secret does not tell the secret") {
  const std::string text = complaint(xml_of({{"pop3Password", "file:"}}));
  CHECK(text.rfind("line 4: pop3Password is \"…\", wanted ", 0) == 0);
}

TEST_CASE("a secret can be kept elsewhere, and a clear one is taken to the letter") {
  const auto password = [](const char* value) {
    return *box_of({{"pop3Url", "mail.firma.cz"}, {"pop3Password", value}}).pop3->password;
  };
  CHECK(password("env:POP3").kind == SecretSource::Kind::environment);
  CHECK(password("env:POP3").where == "POP3");
  CHECK(std::filesystem::path(password("file:tajne/heslo").where) ==
        file.parent_path() / "tajne/heslo");
  CHECK(password("command:pass show firma").where == "pass show firma");
  CHECK(password(" heslo s mezerou ").clear.reveal() == " heslo s mezerou ");
}

TEST_CASE("a ledger's URL that is refused is shown without its password") {
  for (const char* url : {"mysql://u:secret@host/db", "postgres://u:secret@host/db?x=1",
                          "postgresql://u:se/secret@h/d", "postgresql://u:se?secret@h/d",
                          "postgresql://u:a@secret@h/d", "postgresql://u:a@h/secret@x",
                          "postgres://host/db?password=secret"}) {
    const std::string text = complaint(xml_of({{"ledger", url}}));
    INFO(text);
    CHECK(text.find("wanted a file, or a URL") != std::string::npos);
    CHECK(text.find("secret") == std::string::npos);
  }
  CHECK(box_of({{"ledger", "postgresql://u:a%40b@h/d?sslmode=require"}}).ledger_is_url());
}

TEST_CASE("a typing error of a known key is an error that names the key") {
  for (const auto& [written, meant] :
       {std::pair("pop3Pasword", "pop3Password"), std::pair("POP3Url", "pop3Url"),
        std::pair("infoBcc", "infoCc"), std::pair("ownAcounts", "ownAccounts"),
        std::pair("smtpSevrer", "smtpServer"), std::pair("bx", "box")}) {
    CHECK(complaint(xml_of({{written, "x"}})) ==
          std::string("line 4: there is no key \"") + written + "\"; did you mean " + meant + "?");
  }
}

TEST_CASE("a key that looks like no other is a warning") {
  const Box box = box_of({{"connectionString", "x"}, {"webUrl", "y"}});
  REQUIRE(box.warnings.size() == 2);
  CHECK(box.warnings[0].find("line 4: the key \"connectionString\" is not known") !=
        std::string::npos);
}

TEST_CASE("no two known keys are so near that one would be taken for a typing error") {
  for (const std::string_view key : known_keys()) CHECK(nearest_key(key) == key);
}

TEST_CASE("a key that stands twice is an error") {
  CHECK(complaint(xml_of({{"box", "a"}, {"box", "b"}})) ==
        "line 5: box stands here a second time, first on line 4; keep one");
}

TEST_CASE("what is no settings file is refused in words") {
  struct Row {
    std::string xml;
    const char* says;
  };
  const Row rows[] = {
      {"", "line 1: is not well-formed XML (the file is empty)"},
      {"From: a@b.cz\n\nmail", "not well-formed XML"},
      {"<configuration>", "not well-formed XML"},
      {"<settings/>", "outermost element must be <configuration>"},
      {"<configuration/>", "no <appSettings>"},
      {"<configuration><appSettings><add key=\"box\"/></appSettings></configuration>",
       "wanted <add"},
      {"<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><configuration/>", "DOCTYPE"},
      {std::string("<a>\0</a>", 8), "not UTF-8"},
      {"\xFF\xFE<\0", "not UTF-8"},
      {"<configuration>\xE8</configuration>", "not valid UTF-8"},
      {std::string(1'000'001, ' '), "larger than 1 MB"},
  };
  for (const Row& row : rows) {
    const std::string text = complaint(row.xml);
    INFO(text);
    CHECK(text.find(row.says) != std::string::npos);
  }
}

TEST_CASE("an element that means nothing here is a warning") {
  const Box box = box_from_xml(
      "<configuration><startup/><appSettings><clear/></appSettings></configuration>", file);
  CHECK(box.warnings.size() == 2);
}

TEST_CASE("a file that is not there is said so") {
  try {
    read_box("/no/such/box.xml");
    FAIL("it was read");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::no_input);
  }
}

TEST_CASE("two boxes of one name and one ledger or archive are refused") {
  const Box one = box_of({{"box", "a"}});
  const Box apart = box_of({{"box", "a"}, {"company", "b"}, {"archiveDir", "elsewhere"}});
  CHECK_NOTHROW(check_distinct({one, apart}));
  CHECK_THROWS_AS(check_distinct({one, box_of({{"box", "a"}, {"company", "b"}})}), Error);
  const Box other = box_of({{"box", "b"}});
  CHECK_NOTHROW(check_distinct({one, other}));
  CHECK_THROWS_AS(check_distinct({one, other, one}), Error);
}
