#include "config/secrets.hpp"

#include <map>

#include <catch2/catch.hpp>

#include "config/oauth_file.hpp"
#include "config/values.hpp"
#include "model/error.hpp"

using namespace paymentctl;

namespace {

class MemorySecrets : public SecretStore {
 public:
  std::optional<std::string> environment(const std::string& name) override {
    return found(variables, name);
  }
  std::string file(const std::string&) override { return content; }
  std::string command(const std::vector<std::string>& arguments) override {
    ran = arguments;
    return content;
  }
  std::optional<std::string> credential(const std::string& key) override {
    return found(credentials, key);
  }

  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> credentials;
  std::string content;
  std::vector<std::string> ran;

 private:
  static std::optional<std::string> found(const std::map<std::string, std::string>& all,
                                          const std::string& name) {
    const auto place = all.find(name);
    if (place == all.end()) return std::nullopt;
    return place->second;
  }
};

SecretSource source_of(const char* text) {
  return secret_from("pop3Password", text, "/firma").value();
}

std::string complaint(const SecretSource& source, MemorySecrets& store) {
  try {
    resolve(source, store);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a secret is read where the settings say, without its line end") {
  MemorySecrets store;
  store.variables["POP3"] = "a";
  store.content = "b\r\n";
  CHECK(resolve(source_of("env:POP3"), store).reveal() == "a");
  CHECK(resolve(source_of("file:heslo"), store).reveal() == "b");
  CHECK(resolve(source_of("command:pass show \"naše firma\" pop3"), store).reveal() == "b");
  CHECK(store.ran == std::vector<std::string>{"pass", "show", "naše firma", "pop3"});
  CHECK(resolve(source_of("clear text"), store).reveal() == "clear text");
}

TEST_CASE("what is no secret is named by its key, without what was read") {
  MemorySecrets store;
  CHECK(complaint(source_of("env:POP3"), store) ==
        "pop3Password: the environment variable POP3 is not set");
  CHECK(complaint(source_of("file:x"), store) == "pop3Password: the secret is empty");
  store.content = "topsecret\nsecond";
  CHECK(complaint(source_of("file:x"), store) ==
        "pop3Password: the secret has several lines or a NUL; wanted one line");
  CHECK(complaint(source_of("command:pass \"x"), store) ==
        "pop3Password: wanted command:PROGRAM ARGS, quotes closed");
}

TEST_CASE("a credential of the key's name serves where the settings have no secret") {
  MemorySecrets store;
  CHECK_FALSE(find_secret("pop3Password", std::nullopt, store));
  store.credentials["pop3Password"] = "from systemd\n";
  CHECK(find_secret("pop3Password", std::nullopt, store)->reveal() == "from systemd");
  CHECK(find_secret("pop3Password", source_of("here"), store)->reveal() == "here");
}

TEST_CASE("the machine's own programs and files give secrets") {
  const auto store = system_secrets();
  CHECK_THROWS_AS(store->command({"/no/such/program"}), Error);
  CHECK_THROWS_AS(store->file("/no/such/file"), Error);
#ifndef _WIN32
  CHECK(store->command({"printf", "%s", "a;b $HOME"}) == "a;b $HOME");
  CHECK_THROWS_AS(store->command({"false"}), Error);
#endif
}

#ifndef _WIN32
TEST_CASE("a program that gives a secret does not see those in the environment") {
  const Box box = box_from_xml(
      R"(<configuration><appSettings>
      <add key="pop3Url" value="localhost"/><add key="pop3Name" value="a"/>
      <add key="pop3Password" value="command:/usr/bin/env"/>
      <add key="smtpServer" value="localhost"/>
      <add key="smtpPassword" value="env:PAYMENTCTL_TEST_SECRET"/></appSettings></configuration>)",
      "/box/box.xml");
  const auto names = secret_variables(box);
  CHECK(names == std::vector<std::string>{"PAYMENTCTL_TEST_SECRET"});
  ::setenv("PAYMENTCTL_TEST_SECRET", "topsecret", 1);
  CHECK(system_secrets()->command({"env"}).find("topsecret") != std::string::npos);
  const std::string left = system_secrets(names)->command({"env"});
  CHECK(left.find("PAYMENTCTL_TEST_SECRET") == std::string::npos);
  CHECK(left.find("PATH=") != std::string::npos);
  ::unsetenv("PAYMENTCTL_TEST_SECRET");
}
#endif

TEST_CASE("without a client_secret the credential of that name is looked for") {
  const OAuthFile settings = oauth_from_json(
      R"({"web":{"client_id":"a","tenant_id":"b","token_uri":"https://login.test"}})", "/firma");
  CHECK(settings.client_secret.kind == SecretSource::Kind::credential);
  MemorySecrets store;
  CHECK(complaint(settings.client_secret, store) ==
        "client_secret: there is no credential of this name");
  store.credentials["client_secret"] = "from systemd";
  CHECK(resolve(settings.client_secret, store).reveal() == "from systemd");
}

TEST_CASE("MicrosoftOAuth.json is read in PaymentService's form") {
  const OAuthFile settings = oauth_from_json(
      R"({"web":{"client_id":"11111111-2222-3333-4444-555555555555","tenant_id":"firma.test",
      "auth_uri":"https://login.test/a","token_uri":"https://login.test/t",
      "client_secret":"env:CLIENT_SECRET","more":1}})",
      "/firma/Config");
  CHECK(settings.tenant_id == "firma.test");
  CHECK(settings.token_uri == "https://login.test/t");
  CHECK(settings.client_secret.kind == SecretSource::Kind::environment);
  CHECK(settings.client_secret.key == "client_secret");
}

TEST_CASE("a wrong MicrosoftOAuth.json is refused by its member and never shows the secret") {
  struct Row {
    const char* json;
    const char* says;
  };
  for (const Row& row : {
           Row{"", "is not a JSON object"},
           Row{R"({"web":{"client_secret":"topsecret)", "is not a JSON object"},
           Row{"{}", "\"web\": wanted an object"},
           Row{R"({"web":{"client_secret":"topsecret"}})",
               "\"client_id\": wanted a string, but it"},
           Row{R"({"web":{"client_id":7}})", "\"client_id\": wanted a string"},
           Row{R"({"web":{"client_id":"a b"}})", "\"client_id\": wanted letters"},
           Row{R"({"web":{"client_id":"a","tenant_id":""}})",
               "\"tenant_id\": wanted a string that"},
           Row{R"({"web":{"client_id":"a","tenant_id":"b","token_uri":"http://login.test",
                "client_secret":"topsecret"}})",
               "\"token_uri\": wanted an address"},
           Row{R"({"web":{"client_id":"a","tenant_id":"b","token_uri":"https://login.test",
                "client_secret":"topsecret\nmore"}})",
               "\"client_secret\": wanted one line"},
       }) {
    INFO(row.json);
    try {
      oauth_from_json(row.json, "/firma");
      FAIL("it was read");
    } catch (const Error& error) {
      const std::string text = error.what();
      CHECK(error.code() == ExitCode::config);
      CHECK(text.find(row.says) != std::string::npos);
      CHECK(text.find("topsecret") == std::string::npos);
    }
  }
}
