#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>

#include "model/error.hpp"
#include "small_bank.hpp"

using namespace paymentctl;
using namespace paymentctl::testing;

namespace {

std::string fault(const std::string& text) {
  try {
    check_format_file({"mine.xml", text});
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::config);
    return error.what();
  }
  return "";
}

std::string in_bank(const std::string& rules) {
  return "<bank id=\"b\" name=\"B\" code=\"0800\">\n<sender domain=\"b.example\"/>\n" + rules +
         "\n</bank>";
}

std::string format(const std::string& lines) {
  return in_bank("<format id=\"f\">\n" + lines + "\n</format>");
}

/// A folder that goes away again.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("paymentctl-formats-" +
       std::to_string(std::hash<std::thread::id>()(std::this_thread::get_id())));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write(const char* name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
  }
};

}  // namespace

TEST_CASE("a faulty format file is refused with file, line and what is wrong") {
  const std::pair<std::string, const char*> cases[] = {
      {"<bank", "mine.xml line"},
      {"<!DOCTYPE a [<!ENTITY x \"y\">]><bank id=\"b\"/>", "DOCTYPE"},
      {"<banks/>", "<bank>"},
      {format("<line>Částka: {amout}</line>"), "mine.xml line 4: there is no field {amout}"},
      {format("<line>Částka: {amount</line>"), "never closed"},
      {format("<line>Částka: {amount}]</line>"), "too many"},
      {format("<line>{amount}</line>"), "begins with words"},
      {format("<line>VS: {variable_symbol}</line>"), "no {amount}"},
      {format("<line optional=\"true\">Částka: {amount}</line>"), "every line is optional"},
      {format("<line optional=\"yes\">Částka: {amount}</line>"), "true or false"},
      {format("<line>Směr: {direction:a=sideways} {amount}</line>"), "incoming or outgoing"},
      {format("<line>Směr: {kind} {amount}</line>"), "needs its words"},
      {format("<sentence><regex>(</regex></sentence>"), "cannot be compiled"},
      {format("<sentence><regex>(?P&lt;colour&gt;a)</regex></sentence>"), "no field"},
      {format("<lines>a</lines>"), "<lines> has no meaning"},
      {format("<line colour=\"red\">Částka: {amount}</line>"), "no attribute colour"},
      {in_bank("<ignore reason=\"boredom\" line=\"x\"/>"), "none of the known reasons"},
      {in_bank("<ignore reason=\"balance\"/>"), "needs a sender"},
      {format("<line>" + std::string(3000, 'a') + " {amount}</line>"), "longer than 2000"},
      {std::string(600 * 1024, ' '), "larger than"},
      {format(std::string(10, '[') + "x"), ""},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text.substr(0, 200));
    CHECK(fault(text).find(expected) != std::string::npos);
  }
}

TEST_CASE("a user's file replaces a format by its id, adds to a bank, or brings a new one") {
  const Folder folder;
  folder.write("a-fio.xml",
               "<bank id=\"fio\"><format id=\"fio-classic\" direction=\"incoming\">"
               "<line>Nová částka: {amount}</line></format></bank>");
  folder.write(
      "b-new.xml",
      "<bank id=\"novabanka\" name=\"Nová\" code=\"9999\"><sender domain=\"nova.example\"/>"
      "<format id=\"nova\" direction=\"incoming\"><line>Částka: {amount}</line></format>"
      "</bank>");
  const Catalog catalog = Catalog::with_user_formats(folder.path);
  Message message = mail("Nová částka: 5,00\n");
  message.from_address = "automat@fio.cz";
  const Notice notice = read_notice(message, catalog, {});
  INFO(problem(notice));
  REQUIRE(std::holds_alternative<Payments>(notice));
  CHECK(std::get<Payments>(notice).front().source.format == "fio-classic");
  CHECK(catalog.bank_of_sender("x@nova.example") == "novabanka");
  CHECK(catalog.format("fio-2026"));
  CHECK(catalog.definition("fio-classic").find("Nová částka") != std::string::npos);
  CHECK(catalog.text() != Catalog::built_in().text());
}

TEST_CASE("a broken user file or a missing folder is a fault of the configuration") {
  const Folder folder;
  folder.write("broken.xml", "<bank id=\"x\" name=\"X\" code=\"1234\">\n<format/></bank>");
  const auto message = [](const std::filesystem::path& path) -> std::string {
    try {
      Catalog::with_user_formats(path);
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::config);
      return error.what();
    }
    return "";
  };
  CHECK(message(folder.path).find("broken.xml line 2") != std::string::npos);
  CHECK(message(folder.path / "nowhere").find("formatsDir") != std::string::npos);
}

TEST_CASE("formats say what they state, for telling two notices of one movement apart") {
  const Catalog catalog = Catalog::built_in();
  const auto classic = catalog.format("fio-classic");
  REQUIRE(classic);
  CHECK(classic->states_balance);
  CHECK(classic->states_symbols);
  CHECK_FALSE(classic->states_reference);
  CHECK_FALSE(classic->states_time);
  const auto newer = catalog.format("fio-2026");
  REQUIRE(newer);
  CHECK(newer->states_reference);
  CHECK(newer->states_time);
  CHECK(catalog.format("fio-balance")->direction == "ignored");
  CHECK_FALSE(catalog.format("nothing"));
  CHECK(catalog.bank("fio")->code == "2010");
}

TEST_CASE("one catalog serves several threads from the first mail on") {
  const Catalog catalog = Catalog::built_in();
  Message message = mail("Příjem na kontě: 2052601819\nČástka: 1,00\nVS: 1\n");
  message.from_address = "automat@fio.cz";
  std::vector<std::thread> threads;
  std::vector<int> read(4);
  for (std::size_t i = 0; i < read.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 50; ++n) {
        read[i] += std::holds_alternative<Payments>(read_notice(message, catalog, {})) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(read == std::vector<int>(4, 50));
}
