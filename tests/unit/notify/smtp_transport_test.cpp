#include "notify/smtp_transport.hpp"

#include <catch2/catch.hpp>

#include "fake_smtp_server.hpp"
#include "model/error.hpp"

using namespace paymentctl;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

SmtpSettings settings_for(int port) {
  SmtpSettings settings;
  settings.server.endpoint = {"127.0.0.1", port, true};
  settings.server.tls = Tls::off;
  settings.limits = {2000ms, 1000ms, 4000ms};
  return settings;
}

OutgoingMail mail_to(std::vector<std::string> to, std::vector<std::string> cc = {}) {
  OutgoingMail mail;
  mail.from = "banka@papirna.test";
  mail.to = std::move(to);
  mail.cc = std::move(cc);
  mail.subject = "Uhrazena faktura č. 7";
  mail.text = "Žluťoučký kůň\n.\n";
  mail.message_id = "7@papirna.test";
  return mail;
}

}  // namespace

TEST_CASE("a mail reaches every receiver and copy, its bytes as composed") {
  FakeSmtpServer server;
  SmtpTransport transport(settings_for(server.port()));
  const SendResult result =
      transport.send(mail_to({"a@papirna.test", "b@papirna.test"}, {"c@papirna.test"}));
  CHECK(result.error.empty());
  CHECK(result.status == SendStatus::sent);
  REQUIRE(server.mails().size() == 1);
  CHECK_THAT(server.mails()[0], Contains("Message-ID: <7@papirna.test>\r\n"));
  CHECK_THAT(server.mails()[0], Contains("\r\n\r\n=C5=BDlu=C5=A5ou=C4=8Dk=C3=BD k=C5=AF=C5=88"));
  const auto commands = server.commands();
  for (const char* wanted : {"MAIL FROM:<banka@papirna.test>", "RCPT TO:<a@papirna.test>",
                             "RCPT TO:<b@papirna.test>", "RCPT TO:<c@papirna.test>"}) {
    CHECK(std::find(commands.begin(), commands.end(), wanted) != commands.end());
  }
}

TEST_CASE("several mails go over one connection") {
  FakeSmtpServer server;
  SmtpTransport transport(settings_for(server.port()));
  for (int i = 0; i < 5; ++i) {
    CHECK(transport.send(mail_to({"a@papirna.test"})).status == SendStatus::sent);
  }
  CHECK(server.mails().size() == 5);
  CHECK(server.connections() == 1);
}

TEST_CASE("what the server says decides whether to try again, and its words are kept") {
  struct Case {
    const char* command;
    const char* answer;
    SendStatus status;
    const char* words;
  };
  const auto c = GENERATE(values<Case>({
      {"MAIL", "451 4.3.0 later", SendStatus::deferred, "451 4.3.0 later"},
      {"MAIL", "550 5.1.8 bad sender", SendStatus::refused, "550 5.1.8 bad sender"},
      {"MAIL", "530 5.7.1 authentication required", SendStatus::unavailable, "authentication"},
      {"RCPT", "450 4.2.0 greylisted", SendStatus::deferred, "a@papirna.test: \"450 4.2.0 grey"},
      {"RCPT", "550 5.1.1 no such user", SendStatus::refused, "a@papirna.test: \"550 5.1.1 no"},
      {"RCPT", "550-one\r\n550 two", SendStatus::refused, "\"550 one two\""},
      {"DATA", "451 4.3.0 later", SendStatus::deferred, "451 4.3.0 later"},
      {"DATA", "554 5.7.1 spam", SendStatus::refused, "554 5.7.1 spam"},
      {".", "452 4.3.1 disk full", SendStatus::deferred, "452 4.3.1 disk full"},
      {".", "554 5.6.0 no", SendStatus::refused, "554 5.6.0 no"},
      {"greeting", "421 too busy", SendStatus::unavailable, "421 too busy"},
      {"greeting", "554 go away", SendStatus::unavailable, "554 go away"},
      {"greeting", "close", SendStatus::unavailable, "127.0.0.1"},
      {"MAIL", "close", SendStatus::unavailable, "connection"},
      {"RCPT", "close", SendStatus::unavailable, "connection"},
      {".", "close", SendStatus::unavailable, "connection"},
      {"RCPT", "what is this", SendStatus::unavailable, "in time"},
      {"greeting", "hang", SendStatus::unavailable, "in time"},
      {"RCPT", "hang", SendStatus::unavailable, "in time"},
      {".", "hang", SendStatus::unavailable, "in time"},
      {"RCPT", "flood", SendStatus::unavailable, "no end"},
      {"greeting", "flood", SendStatus::unavailable, "127.0.0.1"},
  }));
  INFO(c.command << " -> " << c.answer);
  FakeSmtpServer server(c.command, c.answer);
  SmtpTransport transport(settings_for(server.port()));
  const SendResult result = transport.send(mail_to({"a@papirna.test"}));
  CHECK(static_cast<int>(result.status) == static_cast<int>(c.status));
  CHECK_THAT(result.error, Contains(c.words));
  CHECK_THAT(result.error, Contains("mail server 127.0.0.1:" + std::to_string(server.port())));
}

TEST_CASE("one receiver who is refused does not keep the mail from the others") {
  FakeSmtpServer server("RCPT TO:<b@", "550 5.1.1 no such user");
  SmtpTransport transport(settings_for(server.port()));
  const SendResult result =
      transport.send(mail_to({"a@papirna.test", "b@papirna.test"}, {"c@papirna.test"}));
  CHECK(result.status == SendStatus::sent);
  CHECK(server.mails().size() == 1);
  REQUIRE(result.refused.size() == 1);
  CHECK(result.refused[0].address == "b@papirna.test");
  CHECK(result.refused[0].words == "550 5.1.1 no such user");
  CHECK_THAT(result.error, Contains("b@papirna.test"));
}

TEST_CASE("one receiver who is to wait holds the mail up, unless the others shall not wait") {
  FakeSmtpServer server("RCPT TO:<b@", "450 4.2.0 greylisted");
  SmtpTransport transport(settings_for(server.port()));
  OutgoingMail mail = mail_to({"a@papirna.test", "b@papirna.test"});
  CHECK(transport.send(mail).status == SendStatus::deferred);
  CHECK(server.mails().empty());
  mail.wait_for_all = false;
  const SendResult result = transport.send(mail);
  CHECK(result.status == SendStatus::sent);
  CHECK(result.refused.size() == 1);
  CHECK(server.mails().size() == 1);
}

TEST_CASE("after a mail that was refused the next one is sent") {
  FakeSmtpServer server("RCPT TO:<b@", "550 no");
  SmtpTransport transport(settings_for(server.port()));
  CHECK(transport.send(mail_to({"b@papirna.test"})).status == SendStatus::refused);
  CHECK(transport.send(mail_to({"a@papirna.test"})).status == SendStatus::sent);
}

TEST_CASE("a server that ends the connection between two mails is asked again at once") {
  const std::string answer = GENERATE("close", "421 4.4.2 enough for one connection");
  FakeSmtpServer server;
  SmtpTransport transport(settings_for(server.port()));
  REQUIRE(transport.send(mail_to({"a@papirna.test"})).status == SendStatus::sent);
  server.set("MAIL", answer);
  const SendResult refused = transport.send(mail_to({"a@papirna.test"}));
  CHECK(refused.status == SendStatus::unavailable);
  CHECK(server.connections() == 2);
}

TEST_CASE("a mail with an address that is none is refused without asking a server") {
  FakeSmtpServer server;
  SmtpTransport transport(settings_for(server.port()));
  CHECK(transport.send(mail_to({"a@papirna.test\r\nDATA"})).status == SendStatus::refused);
  CHECK(transport.send(mail_to({})).status == SendStatus::refused);
  CHECK(server.connections() == 0);
}

TEST_CASE("a server that is not there is named with what to do") {
  int port = 0;
  {
    const FakeSmtpServer gone;
    port = gone.port();
  }
  SmtpTransport transport(settings_for(port));
  const SendResult result = transport.send(mail_to({"a@papirna.test"}));
  CHECK(result.status == SendStatus::unavailable);
  CHECK_THAT(result.error, Contains("cannot be reached"));
}

TEST_CASE("without STARTTLS nothing is sent where TLS is required") {
  FakeSmtpServer server;
  SmtpSettings settings = settings_for(server.port());
  settings.server.tls = Tls::starttls;
  SmtpTransport transport(settings);
  const SendResult result = transport.send(mail_to({"a@papirna.test"}));
  CHECK(result.status == SendStatus::unavailable);
  CHECK_THAT(result.error, Contains("STARTTLS"));
  for (const std::string& command : server.commands()) CHECK_FALSE(command.starts_with("MAIL"));
}

TEST_CASE("a login that is refused is no refusal of the mail, and never shows the password") {
  FakeSmtpServer server("EHLO", "250-fake\r\n250 AUTH PLAIN LOGIN");
  server.set("AUTH", "535 5.7.8 wrong name or password");
  SmtpSettings settings = settings_for(server.port());
  settings.server.name = "banka";
  settings.password = Secret("tajemství");
  SmtpTransport transport(settings);
  const SendResult result = transport.send(mail_to({"a@papirna.test"}));
  CHECK(result.status == SendStatus::unavailable);
  for (const char* part : {"banka", "smtpPassword", "5.7.8"}) {
    CHECK_THAT(result.error, Contains(part));
  }
  CHECK_THAT(result.error, !Contains("tajemství"));
}

TEST_CASE("an OAuth token that is refused is fetched anew once") {
  FakeSmtpServer server("EHLO", "250-fake\r\n250 AUTH XOAUTH2");
  server.set("AUTH", "535 5.7.3 no");
  SmtpSettings settings = settings_for(server.port());
  settings.server.name = "banka@papirna.test";
  settings.server.oauth = true;
  std::vector<bool> asked;
  settings.token = [&asked](bool anew) {
    asked.push_back(anew);
    return std::string("token") + (anew ? "2" : "1");
  };
  SmtpTransport transport(settings);
  CHECK(transport.send(mail_to({"a@papirna.test"})).status == SendStatus::unavailable);
  CHECK(asked == std::vector<bool>{false, true});
  server.set("AUTH", "334 ");
  server.set("dXNlcj1iYW5rYUBwYXBpcm5hLnRlc3QB", "235 welcome");  // user=banka@papirna.test\1
  CHECK(transport.send(mail_to({"a@papirna.test"})).status == SendStatus::sent);
}

TEST_CASE("a token that is refused in a challenge is fetched anew as well") {
  FakeSmtpServer server("EHLO", "250-fake\r\n250 AUTH XOAUTH2");
  server.set("AUTH", "334 ");
  server.set("dXNlcj1i", "334 eyJzdGF0dXMiOiI0MDEifQ==");
  SmtpSettings settings = settings_for(server.port());
  settings.server.name = "banka@papirna.test";
  settings.server.oauth = true;
  int asked = 0;
  settings.token = [&asked](bool) { return "token" + std::to_string(++asked); };
  SmtpTransport transport(settings);
  const SendResult result = transport.send(mail_to({"a@papirna.test"}));
  CHECK(result.status == SendStatus::unavailable);
  CHECK_THAT(result.error, Contains("SMTP.SendAsApp"));
  CHECK(asked == 2);
}

TEST_CASE("where no token is to be had, the reason is told") {
  FakeSmtpServer server;
  SmtpSettings settings = settings_for(server.port());
  settings.server.oauth = true;
  settings.token = [](bool) -> std::string {
    throw Error(ExitCode::permission, "the client secret has expired");
  };
  SmtpTransport transport(settings);
  const SendResult result = transport.send(mail_to({"a@papirna.test"}));
  CHECK(result.status == SendStatus::unavailable);
  CHECK_THAT(result.error, Contains("the client secret has expired"));
}

TEST_CASE("a probe logs in and sends nothing") {
  FakeSmtpServer server;
  SmtpTransport transport(settings_for(server.port()));
  CHECK(transport.probe().status == SendStatus::sent);
  for (const std::string& command : server.commands()) CHECK_FALSE(command.starts_with("MAIL"));
}
